import Files
package import Interchange

/// A checkpoint being written, beside its final name. Only `commit` makes it one; let go before,
/// it leaves nothing behind.
package final class CheckpointWriter {
  private struct File {
    let name: String
    let writer: SafetensorsWriter
    let digest: Digest
  }

  private let store: CheckpointStore
  private var files: [File] = []

  /// Expects an empty folder at `store.partial`.
  init(store: CheckpointStore) { self.store = store }

  deinit { store.removePartial() }

  /// Begins a file. Write all its numbers; `commit` finishes it. Throws `FileError`.
  package func safetensors(
    _ name: String, entries: [SafetensorsEntry]
  ) throws -> SafetensorsWriter {
    let digest = Digest()
    let writer = try SafetensorsWriter(
      path: "\(store.partial)/\(name)", entries: entries, observe: digest.update)
    files.append(File(name: name, writer: writer, digest: digest))
    return writer
  }

  /// Finishes all files and gives the folder its name, `step-` and the state's step; what was under
  /// that name is removed afterwards. The writer is of no more use.
  ///
  /// Throws `FileError` when the disk is full, and `SafetensorsError` when numbers are missing; the
  /// checkpoints that were there stay.
  @discardableResult
  package func commit(_ state: TrainingState) throws -> Checkpoint {
    var state = state
    for file in files {
      try file.writer.finish()
      state.files[file.name] = file.digest.hex
    }
    try FileWriting.write(StateFile.encode(state), to: "\(store.partial)/\(StateFile.name)")
    try FileWriting.syncFolder(store.partial)
    try store.takeOver(step: state.step)
    return Checkpoint(path: store.path(ofStep: state.step), state: state)
  }
}
