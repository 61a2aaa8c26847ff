import Optimizers
import Testing

@Suite struct ConstantScheduleTests {
  @Test(arguments: [[20, 6], [3, 9]])
  func `with a warm-up, each step has PyTorch's learning rate`(numbers: [Int]) throws {
    try ConstantSchedule(warmup: .steps(numbers[1])).expectGolden("constant", numbers)
  }
}
