import DataParallel
package import Datasets
import Differentiation
package import Images
package import MPI
package import NeuralNetworks
import Optimizers
package import Tensors
import Timelines

/// Makes the running statistics of batch norm anew for weights that no step has led to, such as an average,
/// or for photos of another kind: each becomes the mean of those of many micro-batches, weighted by their
/// photos (`torch.optim.swa_utils.update_bn` weighs batches alike). Wu and Johnson, "Rethinking 'Batch' in BatchNorm",
/// 2021, section 3.
///
/// Photos are prepared as for evaluation, and nothing is dropped: statistics are those of what the net will be
/// asked about. The photos are shuffled, since one class's vary less than all. Same bits at any number of ranks.
package struct StatisticsPass {
  /// Photos that are enough for the statistics: with more, they change less than from step to step.
  package static let enough = 4096

  private let model: Model
  private let dataset: Dataset
  private let pipeline: Pipeline
  private let plan: StepPlan
  private let order: [Int]
  private let loaderThreads: Int
  private let communicator: Communicator
  private let pool: ThreadPool
  /// Of the statistics alone, which are summed over micro-batches and ranks.
  private let layout: FlatLayout
  private let step: ShardedStep

  /// Collective.
  ///
  /// - Parameters:
  ///   - samples: the photos, of which `most` are taken at random, if there are more.
  ///   - pipeline: what is made of a photo.
  ///   - microBatch: photos of a group, as in training.
  package init(
    _ model: Model, _ dataset: Dataset, samples: [Int], atMost most: Int = enough,
    by pipeline: Pipeline, microBatch: Int, seed: UInt64, loaderThreads: Int,
    communicator: Communicator, pool: ThreadPool
  ) throws(MPIError) {
    self.model = model
    self.dataset = dataset
    self.pipeline = pipeline
    order = Array(epochOrder(of: samples, seed: seed, epoch: 0).prefix(most))
    plan = StepPlan(
      samples: order.count, globalBatch: max(order.count, 1), microBatch: microBatch,
      leastMicroBatch: min(2, microBatch))
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
    layout = FlatLayout(model.layout.entries.filter { $0.kind == .statistic })
    step = try ShardedStep(communicator, layout, threads: pool)
  }

  /// Photos that are looked at.
  package var photos: Int { order.count }

  /// Overwrites the statistics of `weights`, which are the same on all ranks. Collective.
  ///
  /// - Parameters:
  ///   - frozen: names of statistics that stay as they are.
  ///   - serve: called once a micro-batch, for what this rank does on the side.
  /// - Throws: `PhotoError` on the rank that can't read a photo, `TrainingError` on all ranks, `MPIError`.
  package func run(
    _ weights: FlatStore, frozen: Set<String> = [], serving serve: () throws -> Void = {}
  ) throws {
    if layout.entries.isEmpty || order.isEmpty { return }
    let leaves = plan.steps.flatMap(plan.microBatches(of:))
    let exchange = step.plan(leaves: leaves.count)
    let own = exchange.intervals[communicator.rank]
    let loader = Loader(
      dataset, seed: 0, threads: loaderThreads, lookAhead: 4,
      requests: leaves[own].map { BatchRequest(epoch: 0, positions: $0, of: order, by: [pipeline]) }
    )
    let sum = LeafSum(layout, threads: pool)
    sum.begin(own, of: exchange.tree)
    // What the net writes into; only statistics are taken out of it.
    let gradient = FlatStore.gradient(model.layout)
    gradient.pointer.update(repeating: 0, count: gradient.count)
    let fixed = frozen.union(
      model.layout.entries.lazy.filter { $0.kind != .statistic }.map(\.name))
    try Activity.during("statistics", of: photos, "photos") { activity in
      while let batch = try loader.next() {
        let tape = Tape(
          Parameters(weights: weights, gradient: gradient, frozen: fixed), mode: .training,
          pool: pool
        )
        _ = model.network(Variable(batch.images, needsGradient: false), on: tape)
        let leaf = sum.nextBuffer()
        leaf.pointer.update(repeating: 0, count: leaf.count)
        copyStatistics(of: gradient, to: leaf)
        leaf[.weight] = Float(batch.labels.count)
        leaf[.samples] = Float(batch.labels.count)
        sum.push()
        activity.advance(by: batch.labels.count * communicator.size)
        try serve()
      }
    }
    let statistics = FlatStore.weights(layout)
    copyStatistics(of: weights, to: statistics)
    let summary = try step.run(sum, plan: exchange, weights: statistics, votes: StepVotes()) {
      sums, summary, _ in
      guard sums.region == .statistics else { return }
      RunningAverage(momentum: 1).apply(
        sums.range, of: layout, weights: statistics.pointer + sums.range.lowerBound,
        sums: sums.values, frozen: frozen, samples: summary.samples)
    }
    if let what = summary.nonFinite { throw TrainingError.statisticsNotFinite(what: what) }
    copyStatistics(of: statistics, to: weights)
  }

  private func copyStatistics(of source: FlatStore, to target: FlatStore) {
    for entry in layout.entries {
      guard let from = source.layout.entry(named: entry.name),
        let to = target.layout.entry(named: entry.name)
      else { continue }
      (target.pointer + to.offset).update(
        from: source.pointer + from.offset, count: entry.shape.count)
    }
  }
}
