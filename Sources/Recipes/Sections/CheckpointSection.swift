extension Recipe {
  package struct Checkpoint: Sendable {
    /// Nil: not by steps.
    package let everySteps: Int?
    /// Nil: not by time.
    package let everyMinutes: Int?
    package let keep: Int

    init(_ recipe: inout RecipeReader) {
      everySteps = recipe.read(
        "checkpoint.every-steps", .integer(1...1_000_000_000), or: "none", default: nil,
        affectsResults: false)
      everyMinutes = recipe.read(
        "checkpoint.every-minutes", .integer(1...10_080), or: "none", default: 10,
        affectsResults: false)
      keep = recipe.read("checkpoint.keep", .integer(1...1000), default: 3, affectsResults: false)
    }
  }
}
