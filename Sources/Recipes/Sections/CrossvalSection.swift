extension Recipe {
  /// How `tutti crossval` cuts the photos, and which part this run is of it.
  package struct Crossval: Sendable {
    package enum Select: String, CaseIterable, Sendable {
      /// The best epoch on photos that are set apart inside the fold for it.
      case best
      /// The last epoch; no photo is set apart.
      case last
    }

    /// Nil: as many as the data's own.
    package let folds: Int?
    /// The fold, from 0, that this run is not trained on. Nil: this is no run of a cross-validation.
    package let fold: Int?
    package let seed: Int
    package let select: Select
    /// The share of a fold's training photos that is set apart to choose the best epoch by.
    package let validation: Double

    init(_ recipe: inout RecipeReader) {
      folds = recipe.read("crossval.folds", .integer(2...1000), or: "none", default: nil)
      fold = recipe.read("crossval.fold", .integer(0...999), or: "none", default: nil)
      seed = recipe.read("crossval.seed", .integer(0...4_294_967_295), default: 42)
      select = recipe.read("crossval.select", .choice, default: .best)
      validation = recipe.read("crossval.validation", .number(0.001...0.5), default: 0.1)
    }
  }
}
