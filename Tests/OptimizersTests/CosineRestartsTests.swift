import Optimizers
import Support
import Testing

@Suite struct CosineRestartsTests {
  @Test(arguments: [[60, 0, 20, 1], [60, 5, 10, 2], [7, 2, 1, 1], [100, 10, 3, 3]])
  func `each step has PyTorch's learning rate`(numbers: [Int]) throws {
    let schedule = CosineRestarts(
      warmup: .steps(numbers[1]), period: .steps(numbers[2]), growth: numbers[3])
    try schedule.expectGolden("restarts", numbers)
  }
}

extension Schedule {
  /// Expects the factors of `schedules.py`, whose case begins with the number of steps.
  func expectGolden(
    _ name: String, _ numbers: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let key = ([name] + numbers.map(String.init)).joined(separator: ".")
    let expected = try Golden("schedules").doubles(key)
    #expect(expected.count == numbers[0], sourceLocation: sourceLocation)
    for (step, value) in expected.enumerated() {
      // PyTorch multiplies its way from step to step.
      let factor = factor(step: step, of: numbers[0])
      #expect(abs(factor - value) <= 1e-12, "step \(step)", sourceLocation: sourceLocation)
    }
  }
}
