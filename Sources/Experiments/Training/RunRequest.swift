package import Recipes
package import Runs

/// Where a training's folder is to be, and how it is to begin, as it was asked for.
package struct RunRequest: Sendable {
  /// Nil for a new folder below `runs`.
  package let folder: RunFolder?
  /// Starts, goes on or is done already, whichever the folder says; otherwise the folder must be new
  /// or empty.
  package let resumes: Bool
  /// The run whose state a new run begins with.
  package let origin: RunFolder?

  /// - Parameter fork: the folder of a new run that begins with the state of the one in `folder`, or
  ///   of one that did so before.
  package init(folder: String?, resumes: Bool, fork: String?) {
    let named = folder.map { RunFolder(path: $0) }
    let forked = fork.map { RunFolder(path: $0) }
    self.folder = forked ?? named
    origin = forked == nil ? nil : named
    self.resumes = resumes
  }

  /// Whether the folder holds a run that is to go on.
  package var goesOn: Bool { resumes && folder?.holdsRun == true }

  /// The recipe that a run was begun with, which holds unless another is named; nil for a new run.
  ///
  /// - Throws: `RunError` when there is no run to fork, or one that isn't to go on; `FileError`.
  package func savedRecipe() throws -> SavedRecipe? {
    // Before anything is said of photos: the folder's name may be the mistake.
    if let folder {
      if CrossvalFolder.isAny(at: folder.path) { throw RunError.isCrossval(folder.path) }
      if let kind = try folder.kindOfModel() { throw RunError.isModel(folder.path, kind) }
      if folder.holdsRun && !resumes { throw RunError.exists(folder.path) }
    }
    if goesOn { return try folder?.savedRecipe() }
    guard let origin else { return nil }
    guard origin.holdsRun else { throw RunError.noModel(origin.path) }
    if let kind = try origin.kindOfModel() { throw RunError.isModel(origin.path, kind) }
    return try origin.savedRecipe()
  }
}
