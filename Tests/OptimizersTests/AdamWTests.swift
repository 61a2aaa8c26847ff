import Optimizers
import Support
import Testing

@Suite struct AdamWTests {
  @Test(arguments: [10, 30])
  func `fifty steps on recorded gradients end where PyTorch's do`(percent: Int) throws {
    let schedule = OneCycle(warmup: .share(Double(percent) / 100))
    try RecordedGradients().expectSteps(
      of: AdamW(weightDecay: 1e-2), toGive: Golden("optimizers"), "pct\(percent)",
      learningRate: { 5e-3 * schedule.factor(step: $0, of: 50) })
  }
}
