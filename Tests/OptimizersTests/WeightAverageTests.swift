import Optimizers
import Support
import Testing

@Suite struct WeightAverageTests {
  /// Of golden weights after each of their steps, as `name` has it.
  private func expect(_ rule: any WeightAverage, toGive name: String) throws {
    let golden = try Golden("averages")
    let (weights, expected) = (try golden.floats("weights"), try golden.floats(name))
    let count = 7
    var average = [Float](repeating: .nan, count: count)
    for step in 0..<50 {
      let row = step * count..<(step + 1) * count
      Array(weights[row]).withUnsafeBufferPointer { own in
        average.withUnsafeMutableBufferPointer { average in
          takeIn(
            own.baseAddress!, share: rule.share(ofUpdate: step + 1),
            average: average.baseAddress!, count: count)
        }
      }
      let largest = expected[row].map(abs).max() ?? 0
      for (ours, theirs) in zip(average, expected[row]) {
        #expect(abs(ours - theirs) <= 1e-6 * max(largest, 1), "step \(step + 1)")
      }
    }
  }

  @Test func `averages that forget have timm's values`() throws {
    try expect(ExponentialMovingAverage(decay: 0.9, warmsUp: false), toGive: "ema.plain")
    try expect(ExponentialMovingAverage(decay: 0.9), toGive: "ema.warmup")
  }

  @Test func `the mean of epochs has PyTorch's values`() throws {
    try expect(StochasticWeightAverage(firstEpoch: 3), toGive: "swa")
  }

  @Test func `an average takes in steps that were applied, or the ends of epochs`() {
    let ema = ExponentialMovingAverage()
    #expect(ema.takesIn(epoch: 0, endsEpoch: false, isApplied: true))
    #expect(!ema.takesIn(epoch: 0, endsEpoch: true, isApplied: false))
    let swa = StochasticWeightAverage(firstEpoch: 2)
    #expect(!swa.takesIn(epoch: 1, endsEpoch: true, isApplied: true))
    #expect(!swa.takesIn(epoch: 2, endsEpoch: false, isApplied: true))
    #expect(swa.takesIn(epoch: 2, endsEpoch: true, isApplied: false))
  }
}
