package import Checkpoints
import Files
package import Recipes

/// A trained model on the disk: a checkpoint, with the recipe of the run that it belongs to.
package struct SavedModel: Sendable {
  package let checkpoint: Checkpoint
  /// The recipe of its run.
  package let recipe: SavedRecipe

  /// What is to be said when `recipe.yaml` has changed since the checkpoint was written, in keys that
  /// affect results: the model is then asked otherwise than it was trained. Nil when it hasn't.
  ///
  /// - Throws: `RecipeError`.
  package func recipeNote() throws(RecipeError) -> String? {
    let text = try Recipe(recipe).resultText
    guard Digest.hex(of: text.utf8) != checkpoint.state.recipeDigest else { return nil }
    return
      "\(recipe.path) was changed after \(checkpoint.path) was written, in keys that affect results: "
      + "what comes out may not be what the model was trained for; put the recipe back"
  }

  /// Finds what `path` means: a checkpoint, or a run, of which the best checkpoint is taken, or the
  /// newest while there is no best; `RUN@last` is a run's newest.
  ///
  /// - Throws: `RunError`, `CheckpointError`, `FileError`.
  package init(path: String) throws {
    let (path, isLast) = Self.parse(path)
    if Paths.exists("\(path)/state.json") {
      checkpoint = try Checkpoint(path: path)
      recipe = try SavedRecipe(file: path + "/../../recipe.yaml")
    } else {
      let folder = RunFolder(path: path)
      if CrossvalFolder(path: path).exists { throw RunError.severalModels(path) }
      if EnsembleFolder(path: path).exists { throw EnsembleError.isEnsemble(path) }
      guard folder.holdsRun else { throw RunError.noModel(path) }
      let (newest, rejected) = try folder.checkpoints.newestGood()
      let reasons = rejected.map(\.description)
      guard let newest else { throw RunError.noGoodCheckpoint(path: path, reasons) }
      guard reasons.isEmpty else { throw RunError.damaged(path: path, reasons) }
      let best = isLast ? nil : newest.state.best
      checkpoint =
        try best.map { try Checkpoint(path: folder.checkpoints.path(ofStep: $0.step)) } ?? newest
      recipe = try folder.savedRecipe()
    }
  }

  /// Finds one model, or those of a cross-validation's folds in their order.
  ///
  /// - Throws: as `init`; `RunError` when a fold isn't finished.
  package static func all(at path: String) throws -> (models: [SavedModel], areFolds: Bool) {
    let (name, isLast) = parse(path)
    let folder = CrossvalFolder(path: name)
    guard folder.exists else { return ([try SavedModel(path: path)], false) }
    let models = try (0..<folder.folds()).map { fold in
      let run = folder.run(ofFold: fold)
      guard try FoldResult(of: run) != nil else { throw RunError.unfinishedFold(fold, path: name) }
      return try SavedModel(path: run.path + (isLast ? last : ""))
    }
    return (models, true)
  }

  private static let last = "@last"

  /// The path without what may stand at its end; a folder may be called `…@last`, too.
  package static func parse(_ path: String) -> (path: String, isLast: Bool) {
    let isLast = path.endsExactly(with: last) && !Paths.exists(path)
    let path = isLast ? path.withoutEnd(bytes: last.utf8.count) : path
    return (Paths.withoutTrailingSlashes(path), isLast)
  }
}
