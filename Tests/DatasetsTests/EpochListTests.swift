import Datasets
import Testing

@Suite struct EpochListTests {
  /// 130 samples in steps of 48, 48 and 34.
  private let plan = StepPlan(samples: 130, globalBatch: 48, microBatch: 8)
  private let samples = Array(1000..<1130)

  private func list(factors: [Double]? = nil, repeats: Int = 1, seed: UInt64 = 3) -> EpochList {
    EpochList(of: samples, plan, seed: seed, factors: factors, repeats: repeats)
  }

  @Test func `each stands once unless something else is asked for`() {
    #expect(list().order(inEpoch: 4) == epochOrder(of: samples, seed: 3, epoch: 4))
    #expect(list().expectedDistinct == 130)
  }

  /// Pearson's test at 10⁻⁴; one that counts nothing is never drawn.
  @Test func `draws are as frequent as factors say`() {
    let factors = samples.indices.map { Double($0 % 5) }
    let list = list(factors: factors)
    var counts = samples.map { _ in 0.0 }
    let epochs = 300
    for epoch in 0..<epochs {
      let order = list.order(inEpoch: epoch)
      #expect(order.count == 130)
      for sample in order { counts[sample - 1000] += 1 }
    }
    let whole = factors.reduce(0, +)
    let distance = zip(counts, factors).reduce(0) { sum, pair in
      guard pair.1 > 0 else { return sum + pair.0 * 1e6 }
      let expected = Double(130 * epochs) * pair.1 / whole
      return sum + (pair.0 - expected) * (pair.0 - expected) / expected
    }
    // 103 degrees of freedom.
    #expect(distance < 163, "\(distance)")
    #expect(distance > 55, "draws aren't independent: \(distance)")
  }

  @Test func `another epoch and another seed draw otherwise`() {
    let factors = samples.map { _ in 1.0 }
    let first = list(factors: factors).order(inEpoch: 0)
    #expect(first == list(factors: factors).order(inEpoch: 0))
    #expect(first != list(factors: factors).order(inEpoch: 1))
    #expect(first != list(factors: factors, seed: 4).order(inEpoch: 0))
  }

  /// A third of the photos, three times each, in one step and in three of its micro-batches.
  @Test func `repeats of a photo share a step and no micro-batch`() {
    let list = list(repeats: 3)
    for epoch in 0..<3 {
      let order = list.order(inEpoch: epoch)
      #expect(order.count == 130)
      #expect(Double(Set(order).count) == list.expectedDistinct)
      for step in plan.steps {
        let counts = Dictionary(grouping: order[step], by: { $0 }).values.map(\.count)
        #expect(counts.allSatisfy { $0 == 3 } || step.count % 3 != 0 && counts.max() == 3)
        for batch in plan.microBatches(of: step) {
          #expect(Set(order[batch]).count == batch.count)
        }
      }
    }
    #expect(list.order(inEpoch: 0) != list.order(inEpoch: 1))
  }

  @Test(arguments: [1, 2]) func `as many different photos are expected as come`(repeats: Int) {
    let list = list(factors: samples.indices.map { 1 / Double(1 + $0 % 7) }, repeats: repeats)
    let epochs = 400
    let mean = (0..<epochs).reduce(0.0) { $0 + Double(Set(list.order(inEpoch: $1)).count) }
    #expect(abs(mean / Double(epochs) - list.expectedDistinct) < 1)
  }
}
