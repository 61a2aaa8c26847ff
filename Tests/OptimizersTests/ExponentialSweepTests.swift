import Optimizers
import Testing

@Suite struct ExponentialSweepTests {
  @Test
  func `each step is the one before it times the same factor, and the end comes behind the last`() {
    let length = TrainingLength(steps: 7, stepsPerEpoch: 7)
    let sweep = ExponentialSweep(ratio: 1e8, steps: 100)
    #expect(sweep.factor(step: 0, of: length) == 1)
    #expect(abs(sweep.factor(step: 50, of: length) - 1e4) < 1e-8)
    for step in 1..<100 {
      let ratio = sweep.factor(step: step, of: length) / sweep.factor(step: step - 1, of: length)
      #expect(abs(ratio - 1.2022644346174132) < 1e-12)
    }
    #expect(abs(sweep.factor(step: 99, of: length) * 1.2022644346174132 - 1e8) < 1e-3)
    #expect(sweep.factor(step: 1000, of: length) == sweep.factor(step: 99, of: length))
  }
}
