import Datasets

/// The micro-batches that one rank trains on, step after step and epoch after epoch, made as they
/// are asked for.
struct RankBatches: Sequence, IteratorProtocol, Sendable {
  let list: EpochList
  let pipelines: PipelinesByEpoch
  let epochs: Int
  /// The leaves that this rank owns in a step with so many leaves.
  let ownLeaves: [Int: Range<Int>]
  var epoch: Int
  var step: Int
  private var order: [Int] = []
  private var ready: [Range<Int>] = []

  init(
    list: EpochList, pipelines: PipelinesByEpoch, epochs: Int, ownLeaves: [Int: Range<Int>],
    fromEpoch epoch: Int, step: Int
  ) {
    self.list = list
    self.pipelines = pipelines
    self.epochs = epochs
    self.ownLeaves = ownLeaves
    self.epoch = epoch
    self.step = step
  }

  mutating func next() -> BatchRequest? {
    let plan = list.plan
    while ready.isEmpty {
      if step == plan.stepsPerEpoch { (epoch, step, order) = (epoch + 1, 0, []) }
      guard epoch < epochs else { return nil }
      if order.isEmpty { order = list.order(inEpoch: epoch) }
      let leaves = plan.microBatches(of: plan.steps[step])
      ready = leaves[ownLeaves[leaves.count] ?? 0..<0].reversed()
      step += 1
    }
    guard let positions = ready.popLast() else { return nil }
    return BatchRequest(epoch: epoch, positions: positions, of: order, by: [pipelines[epoch]])
  }
}
