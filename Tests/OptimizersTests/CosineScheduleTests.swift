import Optimizers
import Support
import Testing

@Suite struct CosineScheduleTests {
  @Test(arguments: [(1, 0), (2, 1), (10, 1), (50, 0), (50, 15), (300, 30)])
  func `each step has PyTorch's learning rate`(total: Int, warmup: Int) throws {
    let expected = try Golden("schedules").doubles("cosine.\(total).\(warmup)")
    // A little more than w/T, so that rounding down doesn't lose a step.
    let schedule = CosineSchedule(warmup: .share((Double(warmup) + 0.1) / Double(total)))
    #expect(expected.count == total)
    for (step, value) in expected.enumerated() {
      // PyTorch multiplies its way from step to step.
      #expect(abs(schedule.factor(step: step, of: total) - value) <= 1e-12, "step \(step)")
    }
  }

  @Test func `beyond the end it stays at the last value`() {
    let schedule = CosineSchedule(warmup: .share(0.1))
    #expect(schedule.factor(step: 1000, of: 50) == schedule.factor(step: 49, of: 50))
  }
}
