import Optimizers
import Testing

@Suite struct StepScheduleTests {
  @Test(arguments: [[60, 0, 20], [60, 5, 7], [9, 4, 2]])
  func `every so often, each step has StepLR's learning rate`(numbers: [Int]) throws {
    let schedule = StepSchedule(
      warmup: .steps(numbers[1]), times: .every(.steps(numbers[2])), reduction: 0.3)
    try schedule.expectGolden("every", numbers)
  }

  @Test(arguments: [[60, 0, 30, 45], [60, 10, 5, 20]])
  func `at certain times, each step has MultiStepLR's learning rate`(numbers: [Int]) throws {
    let schedule = StepSchedule(
      warmup: .steps(numbers[1]), times: .at([.steps(numbers[3]), .steps(numbers[2])]),
      reduction: 0.3)
    try schedule.expectGolden("at", numbers)
  }
}
