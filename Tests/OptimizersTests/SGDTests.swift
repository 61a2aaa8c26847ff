import Optimizers
import Support
import Testing

@Suite struct SGDTests {
  @Test(arguments: [("nesterov", true), ("heavy_ball", false)])
  func `fifty steps on recorded gradients end where PyTorch's do`(
    case name: String, isNesterov: Bool
  ) throws {
    try RecordedGradients().expectSteps(
      of: SGD(momentum: 0.9, isNesterov: isNesterov, weightDecay: 1e-2), toGive: Golden("sgd"),
      name,
      learningRate: { _ in 0.05 })
  }
}
