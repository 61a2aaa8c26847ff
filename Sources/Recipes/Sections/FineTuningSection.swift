extension Recipe {
  package struct FineTuning: Sendable {
    package enum BatchNorm: String, CaseIterable, Sendable {
      /// Running statistics are frozen where their layer is.
      case auto
      /// All of the body's are.
      case frozen
    }

    /// Patterns of the frozen parameters.
    package let freeze: [String]
    /// For how many epochs. Nil: for all.
    package let freezeEpochs: Int?
    /// What learns before all does.
    package let unfreeze: [Unfreezing]
    package let batchNorm: BatchNorm

    init(_ recipe: inout RecipeReader) {
      freeze = recipe.read("fine-tuning.freeze", .patterns, default: [])
      freezeEpochs = recipe.read(
        "fine-tuning.freeze-epochs", .integer(1...100_000), or: "none", default: nil)
      unfreeze = recipe.read("fine-tuning.unfreeze", .unfreezing, default: [])
      batchNorm = recipe.read("fine-tuning.batch-norm", .choice, default: .auto)
    }
  }
}
