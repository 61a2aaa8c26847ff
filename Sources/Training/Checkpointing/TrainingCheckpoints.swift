import Checkpoints
import DataParallel
import Interchange
import MPI
import Optimizers
import Tensors

/// Saves and restores a training whose optimiser state is spread over ranks. All calls are
/// collective; only rank 0 touches the disk.
struct TrainingCheckpoints {
  let store: CheckpointStore
  let communicator: Communicator
  let sharded: ShardedState

  /// Writes a checkpoint, tensor by tensor, and gives its folder; nil on the other ranks.
  func save(
    _ state: TrainingState, weights: FlatStore, moments: ShardedMoments,
    average: AveragedWeights?, keep: Int
  ) throws -> String? {
    let layout = weights.layout
    let writer = communicator.isFirst ? try store.begin() : nil
    if let writer {
      let model = try writer.safetensors(
        Checkpoint.model, entries: ModelTensors.entries(of: layout))
      try ModelTensors.write(weights, updates: state.optimizerSteps, to: model)
    }
    if let average {
      // Of all ranks' slices at once: an evaluation needs as much memory.
      let whole = try average.gather()
      let file = try writer?.safetensors(
        Checkpoint.fileName(of: .averaged), entries: ModelTensors.entries(of: layout))
      if let file { try ModelTensors.write(whole, updates: state.optimizerSteps, to: file) }
    }
    let optimizer = try writer?.safetensors(
      Checkpoint.optimizer, entries: OptimizerTensors.entries(of: layout, slots: moments.names))
    for shard in moments.values {
      for entry in OptimizerTensors.parameters(of: layout) {
        let whole = try sharded.gather(entry.range, from: shard.pointer)
        guard let whole else { continue }
        try withExtendedLifetime(whole) { try optimizer?.write(entry, whole.pointer) }
      }
    }
    guard let checkpoint = try writer?.commit(state) else { return nil }
    try store.retain(last: keep, upTo: state)
    return checkpoint.path
  }

  /// Fills weights, moments and average from a checkpoint, which rank 0 gives and the others leave out. Rank 0
  /// holds one moment of all parameters at a time.
  func restore(
    _ checkpoint: Checkpoint?, weights: FlatStore, moments: ShardedMoments,
    average: AveragedWeights?
  ) throws {
    if let average {
      try checkpoint?.readWeights(.averaged, into: weights)
      try communicator.broadcast(weights)
      average.restore(weights)
    }
    if let checkpoint { try checkpoint.readWeights(into: weights) }
    try communicator.broadcast(weights)
    let parameters = OptimizerTensors.parameters(of: weights.layout)
    for (name, shard) in zip(moments.names, moments.values) {
      let moment = checkpoint == nil ? nil : FlatStore.weights(weights.layout)
      if let checkpoint, let moment {
        let file = try checkpoint.open(Checkpoint.optimizer)
        for entry in parameters {
          try OptimizerTensors.read(
            name, of: entry, from: file, into: moment.pointer + entry.offset)
        }
      }
      for entry in parameters {
        try sharded.scatter(
          entry.range, values: moment?.tensor(entry), into: shard.pointer)
      }
    }
  }
}
