package import Checkpoints
import Glibc

/// A trained model on the disk: a checkpoint, with the recipe of the run that it belongs to.
package struct SavedModel: Sendable {
  package let checkpoint: Checkpoint
  /// The run's recipe.
  package let recipe: String

  /// Finds what `path` means: a checkpoint, or a run, of which the best checkpoint is taken, or the
  /// newest while there is no best.
  ///
  /// - Throws: `RunError`, `CheckpointError`.
  package init(path: String) throws {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    if access("\(path)/state.json", F_OK) == 0 {
      checkpoint = try Checkpoint(path: path)
      recipe = path + "/../../recipe.yaml"
    } else {
      let folder = RunFolder(path: path)
      guard folder.holdsRun else { throw RunError.noModel(path) }
      let (newest, rejected) = try folder.checkpoints.newestGood()
      guard let newest else {
        throw RunError.noGoodCheckpoint(path: path, rejected.map(\.description))
      }
      checkpoint =
        try newest.state.best.map { try Checkpoint(path: folder.checkpoints.path(ofStep: $0.step)) }
        ?? newest
      recipe = folder.recipe
    }
  }
}
