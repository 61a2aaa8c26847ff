package import Checkpoints
import Glibc
import Interchange

/// A trained model on the disk: a checkpoint, with the recipe of the run that it belongs to.
package struct SavedModel: Sendable {
  package let checkpoint: Checkpoint
  /// The recipe of its run.
  package let recipe: String
  /// Where that was read.
  package let recipePath: String

  /// Finds what `path` means: a checkpoint, or a run, of which the best checkpoint is taken, or the
  /// newest while there is no best.
  ///
  /// - Throws: `RunError`, `CheckpointError`, `FileError`.
  package init(path: String) throws {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    if access("\(path)/state.json", F_OK) == 0 {
      checkpoint = try Checkpoint(path: path)
      recipePath = path + "/../../recipe.yaml"
    } else {
      let folder = RunFolder(path: path)
      guard folder.holdsRun else { throw RunError.noModel(path) }
      let (newest, rejected) = try folder.checkpoints.newestGood()
      let reasons = rejected.map(\.description)
      guard let newest else { throw RunError.noGoodCheckpoint(path: path, reasons) }
      guard reasons.isEmpty else { throw RunError.damaged(path: path, reasons) }
      checkpoint =
        try newest.state.best.map { try Checkpoint(path: folder.checkpoints.path(ofStep: $0.step)) }
        ?? newest
      recipePath = folder.recipe
    }
    recipe = String(decoding: try InputFile(path: recipePath).bytes(), as: UTF8.self)
  }
}
