import Checkpoints
import Files
import FoundationEssentials
import Interchange
import Support
import Tensors

extension Scratch {
  var store: CheckpointStore { CheckpointStore(folder: "\(path)/run/checkpoints") }

  /// Names below the folder of checkpoints, sorted.
  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: store.folder).sorted()) ?? []
  }
}

let layout = FlatLayout([
  FlatEntry(name: "conv.weight", shape: [3, 3, 2, 4], kind: .weight, order: .filters),
  FlatEntry(name: "bn.weight", shape: [4], kind: .vector),
  FlatEntry(name: "bn.running_mean", shape: [4], kind: .statistic),
  FlatEntry(name: "fc.weight", shape: [4, 5], kind: .weight, order: .transposed),
])

/// Weights that are all different, and different for each step.
func weights(step: Int) -> FlatStore {
  let weights = FlatStore.weights(layout)
  for index in 0..<weights.count { weights.pointer[index] = Float(1000 * step + index) }
  return weights
}

func state(step: Int, best: TrainingState.Best? = nil) -> TrainingState {
  TrainingState(
    step: step, epoch: step / 10, stepInEpoch: step % 10, samplesSeen: 64 * step,
    optimizerSteps: step, best: best, recipeDigest: "r", dataDigest: "d",
    rules: ["plateau": ["best": 0.1, "waited": 3]])
}

extension CheckpointStore {
  /// Writes the model's and the optimiser's file; the moments are the weights and their negatives.
  func write(step: Int, into writer: CheckpointWriter) throws {
    let weights = weights(step: step)
    let model = try writer.safetensors(
      Checkpoint.model, entries: ModelTensors.entries(of: layout))
    try ModelTensors.write(weights, updates: step, to: model)
    let slots = ["exp_avg", "exp_avg_sq"]
    let optimizer = try writer.safetensors(
      Checkpoint.optimizer, entries: OptimizerTensors.entries(of: layout, slots: slots))
    for slot in slots {
      for parameter in OptimizerTensors.parameters(of: layout) {
        let sign: Float = slot == "exp_avg" ? 1 : -1
        try optimizer.write(parameter, weights.tensor(parameter).values.map { sign * $0 })
      }
    }
  }

  @discardableResult
  func save(step: Int, best: TrainingState.Best? = nil) throws -> Checkpoint {
    let writer = try begin()
    try write(step: step, into: writer)
    return try writer.commit(state(step: step, best: best))
  }
}

/// Changes one bit of a byte of the file.
func flip(_ path: String, at offset: Int) throws {
  var bytes = try contents(of: path)
  bytes[offset] ^= 1
  // Not over the old one: some file systems flush what was truncated.
  try FileManager.default.removeItem(atPath: path)
  let file = try OutputFile(path: path, expectedBytes: bytes.count)
  try bytes.withUnsafeBytes { try file.write($0) }
}
