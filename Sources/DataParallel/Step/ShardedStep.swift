package import MPI
package import Tensors
package import Timelines

/// The sums that one rank has to apply: a part of its slice.
package struct OwnedSums {
  package enum Region: Sendable { case parameters, statistics }

  package let region: Region
  /// Elements of the flat store.
  package let range: Range<Int>
  /// Their sums over all samples, from the range's first element on. They may be written over.
  package let values: UnsafeMutablePointer<Float>
}

/// The end of a training step, when each rank has pushed its leaves:
///
/// 1. the nodes are exchanged, and each rank adds up its slice;
/// 2. one small allgather tells every rank the norm, the loss, the weight and who wants to stop;
/// 3. each rank updates its own slice of the weights, after another small allgather where the rule needs
///    norms of parameters that several ranks have;
/// 4. one allgather gives all ranks all weights.
///
/// A rank that is alone does the same and sends nothing. The weights have the same bits for any
/// number of ranks.
package final class ShardedStep {
  package let slices: Slices
  private let communicator: Communicator
  private let exchange: GradientExchange
  private let report: StepReport
  private var plans: [Int: ExchangePlan] = [:]

  /// Collective.
  package init(
    _ communicator: Communicator, _ layout: FlatLayout, threads: ThreadPool
  ) throws(MPIError) {
    self.communicator = communicator
    exchange = try GradientExchange(communicator, layout, threads: threads)
    slices = exchange.slices
    report = StepReport(slices)
  }

  /// The cut of a step with M leaves. Made once for each M.
  package func plan(leaves: Int) -> ExchangePlan {
    if let plan = plans[leaves] { return plan }
    let plan = ExchangePlan(leaves: leaves, ranks: communicator.size)
    plans[leaves] = plan
    return plan
  }

  /// Completes the step. Collective.
  ///
  /// `measure`, where there is one, gets the sums of this rank's parameters, of which there may be none, and gives
  /// two numbers for each of its blocks of them; `update` gets those of all ranks, in block order.
  ///
  /// `update` gets the sums of this rank's parameters and of its running statistics, one call each
  /// where there are any, and writes those ranges of `weights`. Gradients are still to be divided
  /// by `summary.weight`, statistics by `summary.samples`. It isn't called on any rank for a step
  /// without weight or with numbers that aren't finite; what then happens is the caller's choice.
  ///
  /// - Parameters:
  ///   - measuresLargest: whether the summary is to have the largest element of the gradient, for
  ///     which this rank's slice is read once more.
  ///   - lane: of this thread in a timeline, if the step is recorded; the same on all ranks.
  /// - Throws: `MPIError`, and what `update` throws: the other ranks then have to be ended.
  package func run(
    _ sum: LeafSum, plan: ExchangePlan, weights: FlatStore, votes: StepVotes,
    measuresLargest: Bool = false, lane: Lane? = nil,
    measure: ((OwnedSums, StepSummary) -> [Double])? = nil,
    update: (OwnedSums, StepSummary, _ measured: [Double]) throws -> Void
  ) throws -> StepSummary {
    try meet(lane)
    let sums = try lane.slice("exchange", .ranks) { () throws(MPIError) in
      try exchange.exchange(sum, plan, lane)
    }
    let slice = slices.ranges[communicator.rank]
    let summary = try lane.slice("agree", .ranks) {
      let largest =
        measuresLargest
        ? largestMagnitude(
          sums.pointer, count: slice.clamped(to: slices.layout.parameters).count) : 0
      return try agree(sums, votes, largest)
    }
    guard summary.isApplied else { return summary }
    func owned(_ region: OwnedSums.Region, _ range: Range<Int>) -> OwnedSums {
      let start = range.isEmpty ? 0 : range.lowerBound - slice.lowerBound
      return OwnedSums(region: region, range: range, values: sums.pointer + start)
    }
    let measured =
      try measure.map { measure in
        try lane.slice("measure", .ranks) {
          try gatherBlocks(
            measure(owned(.parameters, slice.clamped(to: slices.layout.parameters)), summary))
        }
      } ?? []
    let regions: [(OwnedSums.Region, Range<Int>)] = [
      (.parameters, slices.layout.parameters), (.statistics, slices.layout.statistics),
    ]
    try lane.slice("update", .step) {
      for (region, whole) in regions {
        let range = slice.clamped(to: whole)
        if range.isEmpty { continue }
        try update(owned(region, range), summary, measured)
      }
    }
    try meet(lane)
    let ranges = (0..<communicator.size).map { slices.weights(of: $0) }
    try lane.slice("weights", .ranks) {
      try communicator.startAllGather(weights.pointer, ranges: ranges).wait()
    }
    return summary
  }

  /// In a step that is recorded, ranks meet before they send much, so that waiting for each other is told from
  /// sending.
  private func meet(_ lane: Lane?) throws(MPIError) {
    guard let lane, communicator.size > 1 else { return }
    try lane.slice("wait for ranks", .wait) { () throws(MPIError) in try communicator.barrier() }
  }

  private func agree(
    _ sums: GradientExchange.SliceSums, _ votes: StepVotes, _ largest: Float
  ) throws(MPIError) -> StepSummary {
    let own = report.write(
      votes, largest: largest, squares: sums.squares, sums: sums.pointer, rank: communicator.rank)
    return report.read(try gather(own, ranges: report.ranges))
  }

  /// Two numbers for each block of parameters of all ranks, in block order.
  private func gatherBlocks(_ own: [Double]) throws(MPIError) -> [Double] {
    try gather(
      own,
      ranges: (0..<communicator.size).map { rank in
        let blocks = slices.parameterBlocks(of: rank)
        return (2 * blocks.lowerBound)..<(2 * blocks.upperBound)
      })
  }

  /// The numbers of all ranks, each of which gives those in its range.
  private func gather(_ own: [Double], ranges: [Range<Int>]) throws(MPIError) -> [Double] {
    let range = ranges[communicator.rank]
    precondition(own.count == range.count, "\(own.count) numbers for \(range)")
    let count = ranges.map(\.upperBound).max() ?? 0
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(count, 1))
    defer { numbers.deallocate() }
    numbers.initialize(repeating: 0)
    guard let base = numbers.baseAddress else { preconditionFailure("nothing to gather") }
    (base + range.lowerBound).update(from: own, count: own.count)
    try communicator.startAllGather(base, ranges: ranges).wait()
    return Array(numbers.prefix(count))
  }
}
