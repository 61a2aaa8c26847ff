import Optimizers
import Support
import Testing

@Suite struct LionTests {
  @Test func `fifty steps on recorded gradients end where timm's do`() throws {
    try RecordedGradients().expectSteps(
      of: Lion(betas: (0.9, 0.99), weightDecay: 0.1), toGive: Golden("lion"), "lion",
      learningRate: { _ in 1e-3 })
  }
}
