import Testing

@testable import Recipes

@Suite struct RecipeWithoutTests {
  private static let text = """
    model: {dropout: 0.3}
    loss: {name: focal, gamma: 1.5, class-weights: effective-number, class-weights-beta: 0.99}
    mixing: {mixup: 0.2, cutmix: 1, switch-probability: 0.3}
    average: {name: ema, decay: 0.99}
    augment: [{random-resized-crop: 160}, random-horizontal-flip, normalize, {random-erasing: 0.25}]
    """

  private func recipe() throws -> Recipe {
    try Recipe(text: Self.text, name: "a.yaml", overrides: ["model.image-size=160"])
  }

  @Test func `each part that it has can be left out, and then is gone`() throws {
    let whole = try recipe()
    let names = try whole.droppable
    #expect(
      names == [
        "model.dropout", "optimizer.weight-decay", "optimizer.clip-norm", "average", "schedule",
        "loss.focal", "loss.label-smoothing", "loss.class-weights", "mixing", "mixing.mixup",
        "mixing.cutmix", "augment", "augment.random-resized-crop",
        "augment.random-horizontal-flip", "augment.random-erasing",
      ])
    for name in names {
      let rest = try whole.without(name)
      #expect(rest != whole)
      #expect(try !rest.droppable.contains(name), "\(name)")
      // What is left can be written and read.
      #expect(try Recipe(text: rest.resolved, name: "b.yaml", isSaved: true) == rest)
    }
  }

  @Test(arguments: [
    ("mixing", ["mixing.mixup": "0.0", "mixing.cutmix": "0.0"]),
    ("loss.focal", ["loss.name": "cross-entropy", "loss.class-weights": "effective-number"]),
    (
      "augment.random-erasing",
      ["augment": "[{random-resized-crop: 160}, random-horizontal-flip, normalize]"]
    ),
    ("training.epochs=3", ["training.epochs": "3"]),
  ])
  func `what is left out, and nothing else`(name: String, values: [String: String]) throws {
    let (whole, rest) = (try recipe(), try recipe().without(name))
    for difference in Recipe.differences(old: whole, new: rest) {
      let isKeyOfRule = rest[difference.key] == nil
      #expect(values[difference.key] != nil || isKeyOfRule, "\(difference)")
    }
    for (key, value) in values where key != "augment" { #expect(rest[key]?.value == value) }
  }

  @Test(arguments: [
    ("mixin", "there is no `mixin` to leave out; this recipe has model.dropout, "),
    ("evaluation.tta", "the recipe has no `evaluation.tta`"),
    ("training.epochs=30", "the recipe has no `training.epochs=30`"),
    ("training.epochs=none", "training.epochs"),
  ])
  func `what can't be left out`(name: String, message: String) throws {
    let whole = try recipe()
    let error = #expect(throws: RecipeError.self) { try whole.without(name) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }
}
