import Checkpoints
import DataParallel
import Interchange
import MPI
import Runs
import Tensors

// The folder of a model that no training left.

extension RunFolder {
  /// Makes sure that a new folder can be had, before anything is computed for it. One that was claimed below `runs` is
  /// given back if `body` throws. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - path: nil for a new one below `runs`, called after `name`.
  ///   - body: given the folder; writes into it at its end.
  static func reserved<Made>(
    _ path: String?, named name: String, over communicator: Communicator,
    _ body: (RunFolder) throws -> Made
  ) throws -> Made {
    let folder = RunFolder(
      path: try communicator.share {
        guard let path else { return try claimNext(named: name).path }
        let folder = RunFolder(path: path)
        try folder.checkIsFree()
        return folder.path
      })
    do {
      return try body(folder)
    } catch {
      if path == nil, communicator.isFirst { folder.giveBack() }
      throw error
    }
  }

  /// Writes the folder's one checkpoint.
  ///
  /// - Throws: `FileError`, `SafetensorsError`.
  func writeModel(_ weights: FlatStore, _ state: TrainingState) throws {
    let writer = try checkpoints.begin()
    let file = try writer.safetensors(
      Checkpoint.model, entries: ModelTensors.entries(of: weights.layout))
    try ModelTensors.write(weights, updates: state.optimizerSteps, to: file)
    try writer.commit(state)
  }
}
