package import Evaluation

extension Recipe {
  package struct Evaluation: Sendable {
    package let microBatch: Int
    package let views: TestTimeViews
    package let averaging: Averaging

    /// - Parameter imageSize: the side of the square images that the net takes.
    init(_ recipe: inout RecipeReader, imageSize: Int) {
      microBatch = recipe.read("evaluation.micro-batch", .integer(1...4096), default: 16)
      views = recipe.read(
        "evaluation.tta", .views(imageSize: imageSize),
        default: TestTimeViews(.none, imageSize: imageSize))
      averaging = recipe.read("evaluation.average", .choice, default: .probabilities)
    }
  }
}
