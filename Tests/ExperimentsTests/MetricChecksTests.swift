import Recipes
import Testing

@testable import Experiments

/// Metrics that the photos give no value are refused before the first step.
@Suite struct MetricChecksTests {
  @Test(arguments: [
    ("training.select-by", ["training.select-by=top-3-accuracy"]),
    ("training.select-by", ["training.select-by=wheel-distance"]),
    ("plateau.metric", ["plateau.patience=2", "plateau.metric=top-5-accuracy"]),
    (
      "early-stopping.metric",
      ["early-stopping.patience=2", "early-stopping.metric=polarity-accuracy"]
    ),
  ])
  func `classes that give it no meaning`(key: String, settings: [String]) throws {
    let error = try #require(throws: RecipeError.self) { try experiment(settings) }
    #expect(error.description.contains("has no meaning for these 2 classes"), "\(error)")
    #expect(error.description.contains(key), "\(error)")
  }

  @Test func `more probabilities than are brought together`() throws {
    let chosen = try experiment(["training.select-by=auroc"])
    try chosen.checkMetrics(validating: 1 << 21)
    let error = try #require(throws: RecipeError.self) {
      try chosen.checkMetrics(validating: (1 << 21) + 1)
    }
    #expect(error.description.contains("of the 2097153 validation photos"), "\(error)")
    try experiment(["training.select-by=matthews-correlation"]).checkMetrics(validating: 1 << 30)
  }

  private func experiment(_ settings: [String]) throws -> Experiment {
    settings.count == 1
      ? try experimentOfTwoClasses(settings[0])
      : try experimentOfTwoClasses(settings[0], settings[1])
  }
}
