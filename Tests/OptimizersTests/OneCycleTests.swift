import Optimizers
import Support
import Testing

@Suite struct OneCycleTests {
  @Test(arguments: [(50, 10), (50, 30), (1, 30), (2, 30), (7, 10), (7, 30), (1000, 5)])
  func `each step has PyTorch's learning rate`(total: Int, percent: Int) throws {
    let expected = try Golden("optimizers").doubles("factors.\(total).pct\(percent)")
    let schedule = OneCycle(warmupFraction: Double(percent) / 100)
    #expect(expected.count == total)
    for (step, value) in expected.enumerated() {
      let factor = schedule.factor(step: step, of: total)
      #expect(abs(factor - value) <= 1e-12 * value, "step \(step)")
    }
  }

  @Test(arguments: [1, 2, 50])
  func `beyond the end it stays at the last value`(total: Int) {
    let schedule = OneCycle()
    let last = schedule.factor(step: total - 1, of: total)
    #expect(abs(last - 1 / 25e4) <= 1e-18)
    #expect(schedule.factor(step: total, of: total) == last)
    #expect(schedule.factor(step: total + 100, of: total) == last)
  }

  // PyTorch ends with a division by zero here.
  @Test(arguments: [(10, 0.1), (1, 1)])
  func `a warm-up of one step is the peak`(total: Int, warmup: Double) {
    #expect(OneCycle(warmupFraction: warmup).factor(step: 0, of: total) == 1)
  }

  @Test func `the extreme warm-ups stay between the last value and the peak`() {
    for warmup in [0, 1.0] {
      for step in 0..<20 {
        let factor = OneCycle(warmupFraction: warmup).factor(step: step, of: 20)
        #expect(factor >= 1 / 25e4 && factor <= 1, "warm-up \(warmup), step \(step)")
      }
    }
  }

  @Test func `the constant schedule is one`() {
    #expect(ConstantSchedule().factor(step: 7, of: 3) == 1)
  }
}
