import Optimizers
import Testing

@Suite struct ScheduleDurationTests {
  @Test func `epochs, steps and shares come to steps`() {
    let length = TrainingLength(steps: 210, stepsPerEpoch: 7)
    #expect(ScheduleDuration.epochs(2.5).steps(of: length) == 17.5)
    #expect(ScheduleDuration.epochs(2.5).wholeSteps(of: length) == 17)
    #expect(ScheduleDuration.steps(500).steps(of: length) == 500)
    #expect(ScheduleDuration.share(0.1).steps(of: length) == 21)
  }

  @Test(arguments: [ScheduleDuration.epochs(2), .steps(20), .share(0.2)])
  func `schedules take any of them`(duration: ScheduleDuration) {
    let length = TrainingLength(steps: 100, stepsPerEpoch: 10)
    func factors(_ schedule: some Schedule) -> [Double] {
      (0..<100).map { schedule.factor(step: $0, of: length) }
    }
    #expect(
      factors(OneCycle(warmup: duration)) == factors(OneCycle(warmup: .steps(20))))
    #expect(
      factors(CosineSchedule(warmup: duration)) == factors(CosineSchedule(warmup: .steps(20))))
    #expect(
      factors(StepSchedule(warmup: duration, times: .at([duration])))
        == factors(StepSchedule(warmup: .steps(20), times: .every(.steps(20)))).prefix(40)
        + factors(StepSchedule(warmup: .steps(20), times: .at([.steps(20)]))).suffix(60))
    #expect(
      factors(CosineRestarts(warmup: .steps(0), period: duration))
        == factors(CosineRestarts(warmup: .steps(0), period: .steps(20))))
  }
}
