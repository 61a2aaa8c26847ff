import Recipes
import Testing

/// A word of a recipe makes the rule of its name, with its own keys and no others'.
@Suite struct RecipeRulesTests {
  private static let words = [
    ("schedule.name", Recipe.ScheduleName.allCases.map(\.rawValue)),
    ("optimizer.name", Recipe.OptimizerName.allCases.map(\.rawValue)),
    ("loss.name", Recipe.LossName.allCases.map(\.rawValue)),
    ("average.name", Recipe.AverageName.allCases.map(\.rawValue)),
    ("optimizer.scale-learning-rate", Recipe.ScalingName.allCases.map(\.rawValue)),
    ("training.on-non-finite", Recipe.NonFiniteName.allCases.map(\.rawValue)),
    ("training.precision", ["fp32", "bf16", "fp16", "fp16-gradients"]),
  ]

  /// Values that aren't the defaults, by key.
  private static let otherValues = [
    "schedule.warmup": "30%", "schedule.cycle-momentum": "[0.8, 0.9]",
    "schedule.restart-period": "5ep", "schedule.restart-growth": "2",
    "schedule.step-at": "[50%, 20ep]", "schedule.step-factor": "0.5",
    "optimizer.lion-betas": "[0.5, 0.6]", "optimizer.betas": "[0.5, 0.6]",
    "loss.label-smoothing": "0.2", "loss.divide-by": "weights", "loss.focal-by": "photo",
    "loss.gamma": "1", "loss.sum-classes": "true", "loss.alpha": "0.25",
    "optimizer.momentum": "0.5",
    "optimizer.nesterov": "false", "average.decay": "0.9", "average.warmup": "false",
    "average.from-epoch": "1", "average.decides": "raw", "training.lower-factor": "0.1",
    "optimizer.reference-batch": "32", "training.loss-scale": "1024",
    "training.loss-scale-growth-steps": "10",
  ]

  /// All rules of a recipe as text that shows their types and numbers.
  private static func rules(_ settings: String...) throws -> String {
    let recipe = try Recipe(overrides: settings)
    return
      "\(recipe.schedule.rule) \(recipe.optimizer.rule) \(recipe.loss.rule) \(recipe.peakLearningRate) "
      + "\(recipe.training.onNonFinite) \(recipe.average) "
      + "\(recipe.training.precision) \(String(describing: recipe.training.lossScaling))"
  }

  @Test(arguments: words)
  func `each word makes another rule`(key: String, words: [String]) throws {
    #expect(try Set(words.map { try Self.rules("\(key)=\($0)") }).count == words.count)
  }

  @Test(arguments: words)
  func `each key of a rule changes it`(key: String, words: [String]) throws {
    for word in words {
      for own in try Recipe(overrides: ["\(key)=\(word)"]).settings
      where own.rule?.key == key {
        // Weights are what cross-entropy is divided by anyway.
        let others = word == "cross-entropy" ? ["loss.divide-by": "samples"] : [:]
        let value = try #require(
          others[own.key] ?? Self.otherValues[own.key], "a value for \(own.key) is needed here")
        #expect(
          try Self.rules("\(key)=\(word)", "\(own.key)=\(value)")
            != Self.rules("\(key)=\(word)"),
          "\(own.key) has no effect on \(word)")
      }
    }
  }

  @Test func `a key of a rule that wasn't chosen is refused by name`() throws {
    let text = "schedule:\n  name: constant\n  warmup: 20%"
    let error = try #require(throws: RecipeError.self) { try Recipe(text: text, name: "r.yaml") }
    #expect(
      error.problems == [
        "r.yaml:3: `schedule.warmup` belongs to `schedule.name: one-cycle` or `cosine` or `cosine-restarts` or "
          + "`step` or `constant-with-warmup`, but `schedule.name` is `constant`; leave it out"
      ])
    #expect(throws: RecipeError.self) {
      try Recipe(overrides: ["schedule.warmup-fraction=0.2", "schedule.name=constant"])
    }
    #expect(try !Recipe(overrides: ["schedule.name=constant"]).resolved.contains("warmup"))
  }

  @Test func `a rule of the command line takes the file's with its keys`() throws {
    let text = "schedule: {name: one-cycle, warmup-fraction: 0.2}"
    let recipe = try Recipe(text: text, name: "r.yaml", overrides: ["schedule.name=constant"])
    #expect(recipe.schedule.name == .constant)
    let differences = Recipe.differences(old: try Recipe(text: text, name: "r.yaml"), new: recipe)
    #expect(
      differences.map(\.description) == [
        "schedule.name was one-cycle, is constant", "schedule.warmup was 20%, is –",
        "schedule.cycle-momentum was none, is –",
      ])
    #expect(differences.allSatisfy { $0.affectsResults })
  }

  @Test func `a run's recipe of an earlier version may have the keys of all rules`() throws {
    let text = "schedule:\n  name: constant\n  warmup-fraction: 0.2"
    let recipe = try Recipe(SavedRecipe(text: text, path: "recipe.yaml"))
    #expect(recipe.schedule.name == .constant)
    #expect(recipe["schedule.warmup"] == nil)
  }

  @Test func `a misspelt rule is the only mistake`() throws {
    let error = try #require(throws: RecipeError.self) {
      try Recipe(overrides: ["optimizer.name=sdg", "optimizer.momentum=0.8"])
    }
    #expect(error.problems.count == 1)
  }
}
