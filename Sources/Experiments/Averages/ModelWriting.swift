import Checkpoints
import Interchange
import Runs
import Tensors

extension RunFolder {
  /// Writes a model that no training left, as the folder's one checkpoint.
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
