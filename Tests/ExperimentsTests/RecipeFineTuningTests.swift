import Recipes
import Testing
import Training
@testable import Experiments

@Suite struct RecipeFineTuningTests {
  func fineTuning(_ settings: String...) throws(RecipeError) -> FineTuning {
    let recipe = try Recipe(overrides: ["model.name=cifar-resnet8"] + settings)
    return try FineTuning(recipe, model: try recipe.makeModel(channels: 3, classes: 5))
  }

  @Test func `nothing is said of a default recipe`() throws {
    #expect(try fineTuning() == FineTuning())
  }

  @Test func `a frozen layer's statistics are frozen`() throws {
    let found = try fineTuning("fine-tuning.freeze=[bn1.weight, bn1.bias, layer1.0.bn1.weight]")
    #expect(
      found.frozen(inEpoch: 0)
        == ["bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "layer1.0.bn1.weight"])
    let named = try fineTuning("fine-tuning.freeze=layer1.0.bn2.running_var")
    #expect(named.frozen(inEpoch: 9) == ["layer1.0.bn2.running_mean", "layer1.0.bn2.running_var"])
  }

  @Test func `phases unfreeze what they name, with the statistics of whole layers`() throws {
    let found = try fineTuning(
      "fine-tuning.freeze=[body]", "fine-tuning.freeze-epochs=7",
      "fine-tuning.unfreeze=[{from-epoch: 2, patterns: [layer3, \"layer2.*.bn1.bias\"]}, "
        + "{from-epoch: 4, patterns: layer2}]")
    #expect(found.phases.map(\.firstEpoch) == [0, 2, 4, 7])
    let body = found.frozen(inEpoch: 1)
    #expect(body.contains("layer3.0.conv1.weight") && body.contains("layer3.0.bn1.running_var"))
    #expect(!body.contains("fc.weight"))
    let (second, third) = (found.frozen(inEpoch: 3), found.frozen(inEpoch: 6))
    #expect(!second.contains { $0.hasPrefix("layer3") })
    // Half of a layer learns, and its statistics with it.
    for name in ["bn1.bias", "bn1.running_mean"] { #expect(!second.contains("layer2.0.\(name)")) }
    #expect(second.contains("layer2.0.bn1.weight") && second.contains("layer2.0.bn2.running_mean"))
    #expect(third == second.filter { !$0.hasPrefix("layer2") })
    #expect(third.contains("conv1.weight") && found.frozen(inEpoch: 7).isEmpty)
    #expect(found.frozenInAllEpochs.isEmpty)
    let partly = try fineTuning(
      "fine-tuning.freeze=[body]", "fine-tuning.unfreeze=[{from-epoch: 1, patterns: layer3}]")
    #expect(partly.frozenInAllEpochs == body.filter { !$0.hasPrefix("layer3") })
  }

  @Test func `phases that a run's epochs don't come to are none`() throws {
    let text = """
      model: {name: cifar-resnet8}
      fine-tuning: {freeze: body, freeze-epochs: 6, unfreeze: [{from-epoch: 2, patterns: layer3}]}
      """
    func found(_ epochs: Int) throws -> FineTuning {
      let recipe = try Recipe(
        SavedRecipe(text: text, path: "recipe.yaml"), overrides: ["training.epochs=\(epochs)"])
      return try FineTuning(recipe, model: try recipe.makeModel(channels: 3, classes: 5))
    }
    let all = try found(7)
    #expect(all.phases.map(\.firstEpoch) == [0, 2, 6] && all.frozenInAllEpochs.isEmpty)
    for (epochs, phases) in [(6, 2), (3, 2), (2, 1)] {
      let fewer = try found(epochs)
      #expect(fewer.phases == Array(all.phases.prefix(phases)))
      #expect(fewer.frozenInAllEpochs == all.phases[phases - 1].frozen)
    }
  }

  @Test(arguments: [
    ("[{from-epoch: 1, patterns: layer3}]", "wasn't frozen before; leave it out"),
    ("[{from-epoch: 1, patterns: [layer1, layre2]}]", "did you mean `layer2`?"),
  ])
  func `a phase that unfreezes nothing is refused`(phases: String, message: String) {
    let error = #expect(throws: RecipeError.self) {
      try fineTuning("fine-tuning.freeze=[layer1]", "fine-tuning.unfreeze=\(phases)")
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
  }

  @Test func `frozen statistics are the body's alone`() throws {
    let found = try fineTuning("fine-tuning.batch-norm=frozen", "model.head=regularised")
    #expect(found.phases.isEmpty)
    #expect(found.frozenStatistics.count == 2 * 9)
    #expect(found.frozenStatistics.allSatisfy { $0.contains(".running_") && !$0.hasPrefix("fc") })
  }

  @Test func `the first group that fits counts and depth decays`() throws {
    let found = try fineTuning(
      "optimizer.groups=[{layer1.0.conv1: 3}, {layer1: 0.5}, {fc.bias: 2}]",
      "optimizer.layer-decay=0.5")
    let expected = [
      "layer1.0.conv1.weight": 3 * 0.125, "layer1.0.bn1.bias": 0.5 * 0.125, "fc.bias": 2,
      "conv1.weight": 0.0625, "layer2.0.conv1.weight": 0.25, "layer3.0.conv1.weight": 0.5,
    ]
    for (name, scale) in expected { #expect(found.learningRateScales[name] == scale, "\(name)") }
    #expect(found.learningRateScales["fc.weight"] == nil)
  }

  @Test(arguments: [
    (
      "fine-tuning.freeze=[stem, layre1]",
      "`layre1` is none of the parameters of `cifar-resnet8`; did you mean `layer1`?"
    ),
    ("fine-tuning.freeze=[boddy]", "did you mean `body`?"),
    (
      "optimizer.groups=[{everything: 0.1}]",
      "`everything` is none of the parameters of `cifar-resnet8`; there are body, head, stem and "
        + "places such as `conv1`"
    ),
    ("fine-tuning.freeze=[body, head]", "nothing can be trained"),
    (
      "fine-tuning.freeze-epochs=2",
      "is about what `fine-tuning.freeze` freezes, and that is nothing; leave it out"
    ),
    ("fine-tuning.freeze={body: 1}", "allowed: a list of patterns, such as"),
    ("fine-tuning.freeze=[[body]]", "allowed: a pattern"),
    ("optimizer.groups=[body]", "allowed: a list of patterns, each with a factor"),
    ("optimizer.groups=[{body: fast}]", "`optimizer.groups.body` is `fast`; allowed: a number"),
    ("model.head=round", "allowed: `plain`, `regularised`, `attention`"),
  ])
  func `mistakes are refused with what to do`(_ setting: String, _ message: String) {
    let error = #expect(throws: RecipeError.self) { try fineTuning(setting) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "none")")
  }

  @Test func `a batch of one has no statistics`() {
    let error = #expect(throws: RecipeError.self) {
      try fineTuning("model.head=regularised", "training.micro-batch=1")
    }
    #expect(error?.description.contains("must be 2 or more") == true)
  }

  @Test func `resolved recipes are read back`() throws {
    let recipe = try Recipe(overrides: [
      "fine-tuning.freeze=[stem, \"*.bias\", 'blocks.0.*']", "fine-tuning.freeze-epochs=2",
      "optimizer.groups=[{\"layer*.0\": 0.1}, {body: 5e-1}]", "model.dropout=.2",
    ])
    #expect(recipe.fineTuning.freeze == ["stem", "*.bias", "blocks.0.*"])
    #expect(recipe.optimizer.groups.map(\.pattern) == ["layer*.0", "body"])
    #expect(recipe.optimizer.groups.map(\.learningRateScale) == [0.1, 0.5])
    #expect(try Recipe(text: recipe.resolved, name: "recipe.yaml") == recipe)
  }
}
