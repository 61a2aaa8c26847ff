package import Evaluation

extension Recipe {
  package struct Evaluation: Sendable {
    package let microBatch: Int
    package let views: TestTimeViews
    package let averaging: Averaging
    /// Where photos have several labels, from which probability on one is said to have a label.
    package let threshold: Double
    /// The same of some classes, by their names.
    package let thresholdsGiven: [String: Double]

    /// - Parameter imageSize: the side of the square images that the net takes.
    init(_ recipe: inout RecipeReader, imageSize: Int) {
      microBatch = recipe.read("evaluation.micro-batch", .integer(1...4096), default: 16)
      views = recipe.read(
        "evaluation.tta", .views(imageSize: imageSize),
        default: TestTimeViews(.none, imageSize: imageSize))
      averaging = recipe.read("evaluation.average", .choice, default: .probabilities)
      threshold = recipe.read("evaluation.threshold", .number(0...1), default: 0.5)
      thresholdsGiven =
        recipe.read("evaluation.thresholds", .classThresholds, or: "none", default: nil) ?? [:]
    }

    package func thresholds(of classes: [String]) -> [Double] {
      classes.map { thresholdsGiven[$0] ?? threshold }
    }
  }
}
