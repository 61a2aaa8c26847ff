extension Recipe {
  package struct Evaluation: Sendable {
    package let microBatch: Int

    init(_ recipe: inout RecipeReader) {
      microBatch = recipe.read("evaluation.micro-batch", .integer(1...4096), default: 16)
    }
  }
}
