import Tensors
import Testing

@testable import DataParallel

@Suite struct StepReportTests {
  private let layout = FlatLayout([
    FlatEntry(name: "first", shape: [5000], kind: .weight),
    FlatEntry(name: "second", shape: [16], kind: .vector),
    FlatEntry(name: "mean", shape: [16], kind: .statistic),
  ])

  @Test(arguments: 1..<7)
  func `sums and norm come out whoever has which slice`(ranks: Int) {
    // Σ x² of the blocks: two of `first`, one of `second`; the statistic's isn't part of the norm.
    let summary = read([9, 16, 11, 1000], tail: [6, 2, 3, 1], ranks: ranks)
    #expect(
      summary
        == StepSummary(
          loss: 6, weight: 2, samples: 3, correct: 1, gradientNorm: 3, largestGradient: 10,
          stopRequested: true,
          checkpointDue: ranks == 1, nonFinite: nil))
    #expect(summary.isApplied)
  }

  @Test(arguments: [1, 3])
  func `the first number that isn't finite is named`(ranks: Int) {
    let good: [Float] = [6, 2, 3, 1]
    #expect(read([9, .nan, .infinity, 1], tail: good, ranks: ranks).nonFinite == "first")
    #expect(read([9, 1, 1, .infinity], tail: good, ranks: ranks).nonFinite == "mean")
    #expect(read([9, 1, 1, 1], tail: [.nan, 2, 3, 1], ranks: ranks).nonFinite == "loss")
    #expect(read([9, 1, 1, 1], tail: [6, .infinity, 3, 1], ranks: ranks).nonFinite == "weight")
  }

  /// What all ranks report, put together; the last rank wants to stop and to save.
  private func read(_ squares: [Double], tail: [Float], ranks: Int) -> StepSummary {
    let slices = Slices(layout, ranks: ranks)
    let report = StepReport(slices)
    var gradient = [Float](repeating: 0, count: layout.gradientCount)
    for (index, value) in tail.enumerated() { gradient[layout.tail.lowerBound + index] = value }
    let numbers = (0..<ranks).flatMap { rank in
      let isLast = rank == ranks - 1
      return report.write(
        StepVotes(stop: isLast, checkpoint: isLast),
        largest: Float(20 - ranks + rank + 1), squares: Array((squares + [0])[slices.blocks[rank]]),
        sums: Array(gradient[slices.ranges[rank]]), rank: rank)
    }
    #expect(numbers.count == report.ranges.last?.upperBound)
    return report.read(numbers)
  }
}
