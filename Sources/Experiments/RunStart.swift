/// Where a training's folder is to be, and how it is to begin, as it was asked for.
package struct RunStart: Sendable {
  package enum Resume: String, Sendable {
    /// Only in a folder that isn't there.
    case never
    /// Starts, goes on or is done already, whichever the folder says.
    case auto
  }

  /// Nil for a new folder below `runs`.
  package let folder: RunFolder?
  package let resume: Resume
  /// The run whose state a new run begins with.
  package let origin: RunFolder?

  /// - Parameter fork: the folder of a new run that begins with the state of the one in `folder`, or
  ///   of one that did so before.
  package init(folder: String?, resume: Resume, fork: String?) {
    let named = folder.map { RunFolder(path: $0) }
    let forked = fork.map { RunFolder(path: $0) }
    self.folder = forked ?? named
    origin = forked == nil ? nil : named
    self.resume = resume
  }

  /// Whether the folder holds a run that is to go on.
  package var goesOn: Bool { resume == .auto && folder?.holdsRun == true }

  /// The recipe that a run was begun with, which holds unless another is named; nil for a new run.
  package var savedRecipe: String? { goesOn ? folder?.recipe : origin?.recipe }
}
