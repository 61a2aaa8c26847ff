import Optimizers
import Support
import Testing

@Suite struct OneCycleTests {
  @Test(arguments: [(50, 10), (50, 30), (1, 30), (2, 30), (7, 10), (7, 30), (1000, 5)])
  func `each step has PyTorch's learning rate`(total: Int, percent: Int) throws {
    let expected = try Golden("optimizers").doubles("factors.\(total).pct\(percent)")
    let schedule = OneCycle(warmup: .share(Double(percent) / 100))
    #expect(expected.count == total)
    for (step, value) in expected.enumerated() {
      let factor = schedule.factor(step: step, of: total)
      #expect(abs(factor - value) <= 1e-12 * value, "step \(step)")
    }
  }

  @Test(arguments: [(50, 30), (7, 10), (2, 30)])
  func `each step has PyTorch's cycled momentum`(total: Int, percent: Int) throws {
    let expected = try Golden("lion").doubles("momenta.\(total).pct\(percent)")
    let schedule = OneCycle(warmup: .share(Double(percent) / 100), momenta: 0.85...0.95)
    for (step, value) in expected.enumerated() {
      let momentum = try #require(schedule.momentum(step: step, of: total))
      #expect(abs(momentum - value) <= 1e-12, "step \(step)")
    }
    #expect(OneCycle().momentum(step: 0, of: total) == nil)
  }

  @Test func `AdamW with a cycled momentum, decaying all, ends where PyTorch's does`() throws {
    let schedule = OneCycle(warmup: .share(0.3), momenta: 0.85...0.95)
    try RecordedGradients().expectSteps(
      of: AdamW(weightDecay: 1e-2, decaysVectors: true), toGive: Golden("lion"), "cycle",
      learningRate: { 5e-3 * schedule.factor(step: $0, of: 50) },
      momentum: { schedule.momentum(step: $0, of: 50) })
  }

  // PyTorch ends with a division by zero here.
  @Test(arguments: [(10, 0.1), (1, 1)])
  func `a warm-up of one step is the peak`(total: Int, warmup: Double) {
    #expect(OneCycle(warmup: .share(warmup)).factor(step: 0, of: total) == 1)
  }
}
