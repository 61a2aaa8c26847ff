import DataParallel
import MPI
import Optimizers
import Tensors

/// The average of a training's weights, of which each rank keeps its own slice.
final class AveragedWeights {
  let rule: any WeightAverage
  /// The average of this rank's slice, statistics included.
  let shard: Tensor
  private let slices: Slices
  private let communicator: Communicator
  private let pool: ThreadPool
  /// All of it, between `gather()` and the next update.
  private var whole: FlatStore?

  init(
    _ rule: any WeightAverage, _ slices: Slices, _ communicator: Communicator, pool: ThreadPool
  ) {
    self.rule = rule
    self.slices = slices
    self.communicator = communicator
    self.pool = pool
    shard = Tensor(zeros: [slices.weights(of: communicator.rank).count])
  }

  /// Takes in the weights as they are.
  ///
  /// - Parameter number: counts the updates, this one included.
  func takeIn(_ weights: FlatStore, update number: Int) {
    whole = nil
    let share = rule.share(ofUpdate: number)
    let source = weights.pointer + slices.weights(of: communicator.rank).lowerBound
    pool.run(Partition(shard.count, least: 1 << 16, grain: BufferPool.unit)) { piece in
      Optimizers.takeIn(
        source + piece.lowerBound, share: share, average: shard.pointer + piece.lowerBound,
        count: piece.count)
    }
  }

  /// All of the average. Collective.
  func gather() throws(MPIError) -> FlatStore {
    if let whole { return whole }
    let weights = FlatStore.weights(slices.layout)
    let own = slices.weights(of: communicator.rank)
    (weights.pointer + own.lowerBound).update(from: shard.pointer, count: own.count)
    let ranges = (0..<communicator.size).map { slices.weights(of: $0) }
    try communicator.startAllGather(weights.pointer, ranges: ranges).wait()
    whole = weights
    return weights
  }

  /// Becomes what a checkpoint has.
  func restore(_ weights: FlatStore) {
    let own = slices.weights(of: communicator.rank)
    shard.pointer.update(from: weights.pointer + own.lowerBound, count: own.count)
  }

  /// Makes the statistics of all of it those of this rank's slice.
  func keepStatistics(of weights: FlatStore) {
    let own = slices.weights(of: communicator.rank)
    let statistics = own.clamped(to: slices.layout.statistics)
    (shard.pointer + (statistics.lowerBound - own.lowerBound)).update(
      from: weights.pointer + statistics.lowerBound, count: statistics.count)
  }
}
