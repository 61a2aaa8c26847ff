package import DataParallel
package import Differentiation
package import MPI
package import NeuralNetworks
package import Optimizers
package import Tensors
package import Timelines

/// One optimiser step over the ranks of a communicator, time after time: forward and backward over
/// each rank's micro-batches, the ordered sum, clipping, and the update of the weights.
///
/// It knows neither where the batches come from nor which step of which training it is.
package final class TrainingStep {
  package let weights: FlatStore
  package let moments: ShardedMoments
  package var slices: Slices { sharded.slices }
  private let model: Model
  private let loss: any Loss
  private let optimizer: any Optimizer
  private let clipping: GradientClipping
  private let precision: Precision
  private let recomputation: Recomputation
  private let communicator: Communicator
  private let pool: ThreadPool
  private let sharded: ShardedStep
  private let sum: LeafSum
  private let runningAverage: RunningAverage

  /// Starts with moments of zero. Collective.
  ///
  /// - Parameters:
  ///   - recomputation: which blocks of the net are run again in backward; the bits are the same.
  ///   - batchNormMomentum: what a step's batch statistics count in the new running statistics.
  ///   - weights: the same on all ranks before the first step, as they are after each.
  package init(
    _ model: Model, loss: any Loss, optimizer: any Optimizer, clipping: GradientClipping,
    batchNormMomentum: Double = BatchNorm.momentum, precision: Precision = .fp32,
    recomputation: Recomputation = .none, weights: FlatStore, communicator: Communicator,
    pool: ThreadPool
  ) throws(MPIError) {
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.clipping = clipping
    self.precision = precision
    self.recomputation = recomputation
    runningAverage = RunningAverage(momentum: batchNormMomentum)
    self.weights = weights
    self.communicator = communicator
    self.pool = pool
    sharded = try ShardedStep(communicator, model.layout, threads: pool)
    sum = LeafSum(model.layout, threads: pool)
    moments = ShardedMoments(
      names: optimizer.momentNames, range: sharded.slices.weights(of: communicator.rank))
  }

  /// The micro-batches that this rank has in a step of so many.
  package func ownLeaves(of leaves: Int) -> Range<Int> {
    sharded.plan(leaves: leaves).intervals[communicator.rank]
  }

  /// Takes a step. Collective.
  ///
  /// - Parameters:
  ///   - leaves: micro-batches of all ranks.
  ///   - number: counts the updates that were made, this one included: 1 at the first.
  ///   - momentum: the optimizer's in this step; nil: its own.
  ///   - groups: what is done otherwise to some of the parameters.
  ///   - lossScale: what losses are multiplied by for the backward pass, a power of two.
  ///   - lane: of this thread in a timeline, if the step is recorded; the same on all ranks.
  ///   - votes: asked for once, after this rank's micro-batches.
  ///   - microBatch: called for each leaf of this rank, in their order.
  /// - Throws: what `microBatch` throws, and `MPIError`. Numbers that aren't finite are left to the
  ///   caller: the summary tells.
  package func take(
    leaves: Int, number: Int, learningRate: Double, momentum: Double? = nil,
    groups: ParameterGroups = ParameterGroups(), lossScale: Int = 1, lane: Lane? = nil,
    votes: () -> StepVotes,
    microBatch: (_ leaf: Int) throws -> MicroBatch
  ) throws -> StepSummary {
    let exchange = sharded.plan(leaves: leaves)
    let interval = exchange.intervals[communicator.rank]
    sum.begin(interval, of: exchange.tree)
    for leaf in interval {
      try lane.slice("micro-batch \(leaf)", .step, [("micro-batch", .number(leaf))]) {
        runMicroBatch(
          try microBatch(leaf), network: model.network, loss: loss, weights: weights,
          gradient: sum.nextBuffer(), frozen: groups.frozen, precision: precision,
          lossScale: lossScale, recomputation: recomputation, pool: pool, lane: lane)
        lane.slice("add to sum", .step) { sum.push() }
      }
    }
    let rule = optimizer.withMomentum(momentum)
    let ownBlocks = slices.parameterBlocks(of: communicator.rank)
    func layerwise(_ summary: StepSummary) -> LayerwiseUpdate? {
      (rule as? any LayerwiseOptimizer).map { rule in
        LayerwiseUpdate(
          rule: rule, layout: model.layout, groups: groups, weights: weights, moments: moments,
          number: number, learningRate: learningRate, clipping: clipping, summary: summary,
          pool: pool)
      }
    }
    return try sharded.run(
      sum, plan: exchange, weights: weights, votes: votes(),
      measuresLargest: clipping.maximumValue != nil, lane: lane,
      measure: rule is any LayerwiseOptimizer
        ? { sums, summary in layerwise(summary)?.measure(sums, blocks: ownBlocks) ?? [] } : nil
    ) { sums, summary, measured in
      if sums.region == .parameters, let update = layerwise(summary) {
        update.move(blocks: ownBlocks, by: measured)
      } else {
        update(sums, summary, rule, number: number, learningRate: learningRate, groups)
      }
    }
  }

  /// Passes a micro-batch through the net and names the first number that isn't finite; nil where all are.
  func firstNonFinite(in batch: MicroBatch, frozen: Set<String>) -> String? {
    let check = FiniteCheck()
    sum.begin(0..<1, of: PairwiseTree(leaves: 1))
    let gradient = sum.nextBuffer()
    runMicroBatch(
      batch, network: model.network, loss: loss, weights: weights, gradient: gradient,
      frozen: frozen, precision: precision, recomputation: recomputation, pool: pool, check: check)
    // The buffer is a step's next. Places of what is frozen there are never written, and count as they are.
    gradient.pointer.update(repeating: 0, count: gradient.count)
    return check.finding
  }

  /// Updates this rank's slice: parameters by the optimiser, statistics by their running average.
  private func update(
    _ sums: OwnedSums, _ summary: StepSummary, _ rule: any Optimizer, number: Int,
    learningRate: Double, _ groups: ParameterGroups
  ) {
    let target = weights.pointer + sums.range.lowerBound
    switch sums.region {
    case .parameters:
      let scale = clipping.scale(norm: summary.gradientNorm, weight: summary.weight)
      let pieces = Partition(sums.range.count, least: 1 << 16, grain: BufferPool.unit)
      pool.run(pieces) { piece in
        let start = sums.range.lowerBound + piece.lowerBound
        clipping.clamp(
          sums.values + piece.lowerBound, count: piece.count, weight: summary.weight)
        rule.apply(
          start..<(start + piece.count), of: model.layout, groups: groups,
          weights: target + piece.lowerBound, gradient: sums.values + piece.lowerBound,
          moments: moments, step: number, learningRate: learningRate, gradientScale: scale)
      }
    case .statistics:
      runningAverage.apply(
        sums.range, of: model.layout, weights: target, sums: sums.values, frozen: groups.frozen,
        samples: summary.samples)
    }
  }
}
