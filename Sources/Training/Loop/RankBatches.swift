import Datasets
import Images

/// The micro-batches that one rank trains on, step after step and epoch after epoch, made as they
/// are asked for.
struct RankBatches: Sequence, IteratorProtocol, Sendable {
  let samples: [Int]
  let pipeline: Pipeline
  let plan: StepPlan
  let epochs: Int
  let seed: UInt64
  /// The leaves that this rank owns in a step with so many leaves.
  let ownLeaves: [Int: Range<Int>]
  var epoch: Int
  var step: Int
  private var order: [Int] = []
  private var ready: [Range<Int>] = []

  init(
    samples: [Int], pipeline: Pipeline, plan: StepPlan, epochs: Int, seed: UInt64,
    ownLeaves: [Int: Range<Int>],
    fromEpoch epoch: Int, step: Int
  ) {
    self.samples = samples
    self.pipeline = pipeline
    self.plan = plan
    self.epochs = epochs
    self.seed = seed
    self.ownLeaves = ownLeaves
    self.epoch = epoch
    self.step = step
  }

  mutating func next() -> BatchRequest? {
    while ready.isEmpty {
      if step == plan.stepsPerEpoch { (epoch, step, order) = (epoch + 1, 0, []) }
      guard epoch < epochs else { return nil }
      if order.isEmpty { order = epochOrder(of: samples, seed: seed, epoch: epoch) }
      let leaves = plan.microBatches(of: plan.steps[step])
      ready = leaves[ownLeaves[leaves.count] ?? 0..<0].reversed()
      step += 1
    }
    guard let positions = ready.popLast() else { return nil }
    return BatchRequest(epoch: epoch, positions: positions, of: order, by: [pipeline])
  }
}
