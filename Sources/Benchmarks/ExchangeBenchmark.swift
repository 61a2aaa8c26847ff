import DataParallel
package import MPI
import Tensors
import Timelines

/// The end of a step without the arithmetic of a model: the ordered sum of a gradient over the ranks
/// and the return of the weights. What `tutti bench allreduce` finds; the same on all ranks.
package struct ExchangeBenchmark: Encodable, Sendable {
  package let ranks: Int
  /// Of the gradient, 10⁶ bytes.
  package let megabytes: Int
  /// To add up the gradients of this many micro-batches of each rank, which needs no messages.
  package let microBatches: Int
  package let additionMilliseconds: Double
  /// To exchange the partial sums, add them and agree on the norm.
  package let exchangeMilliseconds: Double
  /// To give all ranks all weights.
  package let weightsMilliseconds: Double
  /// Bytes of the gradient over the time of exchange and weights: what an all-reduce is rated by.
  package let gigabytesPerSecond: Double
  /// Bytes that a rank sends, over the same time: 2·(R − 1)/R of the gradient.
  package let sentGigabytesPerSecond: Double

  /// Medians of some rounds, of each the slowest rank. Collective.
  package static func measure(
    megabytes: Int, microBatches: Int, rounds: Int = 7, world: World
  ) throws -> ExchangeBenchmark {
    let communicator = world.communicator
    let layout = FlatLayout(
      (0..<megabytes).map { FlatEntry(name: "\($0)", shape: [500, 500], kind: .weight) })
    let pool = ThreadPool(threads: 1)
    let sharded = try ShardedStep(communicator, layout, threads: pool)
    let sum = LeafSum(layout, threads: pool)
    let weights = FlatStore.weights(layout)
    let plan = sharded.plan(leaves: microBatches * communicator.size)
    let interval = plan.intervals[communicator.rank]
    let clock = ContinuousClock()
    var nanoseconds: [Int64] = []
    // The first round maps the pages and opens the connections; it doesn't count.
    try Activity.during("timing", of: rounds + 1, "rounds") { activity in
      for round in 0...rounds {
        sum.begin(interval, of: plan.tree)
        try communicator.barrier()
        var additions = Duration.zero
        for _ in interval {
          let gradient = sum.nextBuffer()
          gradient.pointer.update(repeating: 1, count: gradient.count)
          additions += clock.measure { sum.push() }
        }
        try communicator.barrier()
        let start = clock.now
        var added = start
        _ = try sharded.run(sum, plan: plan, weights: weights, votes: StepVotes()) { _, _, _ in
          added = clock.now
        }
        let end = clock.now
        activity.advance()
        if round == 0 { continue }
        nanoseconds += [additions, added - start, end - added].map { Int64($0 / .nanoseconds(1)) }
      }
    }
    let times = try communicator.allGather(nanoseconds)
    let parts = (0..<3).map { part in
      (0..<rounds).map { round in times.map { Double($0[3 * round + part]) }.max() ?? 0 }.median
    }
    let seconds = (parts[1] + parts[2]) * 1e-9
    let bytes = Double(megabytes) * 1e6
    let others = Double(communicator.size - 1) / Double(communicator.size)
    return ExchangeBenchmark(
      ranks: communicator.size, megabytes: megabytes, microBatches: microBatches,
      additionMilliseconds: parts[0] * 1e-6, exchangeMilliseconds: parts[1] * 1e-6,
      weightsMilliseconds: parts[2] * 1e-6, gigabytesPerSecond: bytes / seconds * 1e-9,
      sentGigabytesPerSecond: 2 * others * bytes / seconds * 1e-9)
  }
}
