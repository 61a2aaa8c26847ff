import Files
import FoundationEssentials

/// A run's checkpoints, each a folder `step-00001234` that is there whole or not at all.
///
/// A folder takes its name last, when all in it is on the disk, and loses it first, before anything
/// in it is removed. What a crash leaves has a name that begins with a dot, and the next `begin`
/// removes it. For one process at a time: rank 0.
package struct CheckpointStore: Sendable {
  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// Starts a checkpoint; the one before must have been committed or let go. Throws `FileError`.
  package func begin() throws -> CheckpointWriter {
    try FileWriting.makeFolder(folder)
    for name in try FileWriting.names(in: folder) where name.hasPrefix(Self.trash) {
      removeTree("\(folder)/\(name)")
    }
    removePartial()
    try FileWriting.makeFolder(partial)
    return CheckpointWriter(store: self)
  }

  /// The newest checkpoint that is as it was written, and why newer ones are not. Throws `FileError`
  /// when the folder can't be listed.
  ///
  /// None, though some were rejected, is no reason to start over in silence.
  package func newestGood() throws -> (checkpoint: Checkpoint?, rejected: [CheckpointError]) {
    var rejected: [CheckpointError] = []
    for step in try steps().reversed() {
      do throws(CheckpointError) {
        let checkpoint = try Checkpoint(path: path(ofStep: step))
        guard checkpoint.state.step == step else {
          throw CheckpointError(
            path: checkpoint.path, file: StateFile.name, problem: .otherStep(checkpoint.state.step))
        }
        return (checkpoint, rejected)
      } catch {
        rejected.append(error)
      }
    }
    return (nil, rejected)
  }

  /// Removes all checkpoints before the state's but the last `count` and the best. Those of later
  /// steps, which a resumed run has passed over, stay until it gets there. Throws `FileError`.
  package func retain(last count: Int, upTo state: TrainingState) throws {
    let past = try steps().filter { $0 <= state.step }
    for step in past.dropLast(max(count, 1)) where step != state.best?.step {
      removeTree(try discard(step: step))
    }
  }

  package func path(ofStep step: Int) -> String {
    "\(folder)/\(Self.prefix)" + padded(step, to: 8)
  }

  /// The steps that have a folder, in ascending order.
  package func steps() throws -> [Int] {
    try FileWriting.names(in: folder).compactMap { name in
      guard name.hasPrefix(Self.prefix), let step = Int(name.dropFirst(Self.prefix.count)),
        path(ofStep: step) == "\(folder)/\(name)"
      else { return nil }
      return step
    }.sorted()
  }

  private static let prefix = "step-"
  private static let trash = ".trash-"

  /// Where a checkpoint is written, while it is.
  package var partial: String { "\(folder)/.partial" }

  func removePartial() { removeTree(partial) }

  /// Gives what is in `partial` the step's name. What had it before is a checkpoint that was
  /// rejected or passed over, so a crash between the two renames costs no more than it had cost.
  func takeOver(step: Int) throws {
    let final = path(ofStep: step)
    let old = Paths.exists(final) ? try discard(step: step) : nil
    try FileWriting.move(partial, to: final)
    if let old { removeTree(old) }
  }

  /// Takes a checkpoint's name away and gives the new one.
  private func discard(step: Int) throws -> String {
    let trash = "\(folder)/\(Self.trash)\(step)"
    removeTree(trash)
    try FileWriting.move(path(ofStep: step), to: trash)
    return trash
  }

  /// Failing is no harm: a network file system keeps what another process has open, and the next
  /// `begin` tries again.
  private func removeTree(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
