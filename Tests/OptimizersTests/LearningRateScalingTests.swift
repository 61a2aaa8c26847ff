import Optimizers
import Testing

@Suite struct LearningRateScalingTests {
  @Test func `the factor is one at the reference batch, and follows the batch or its root`() {
    for form in [LearningRateScaling.Form.linear, .squareRoot] {
      #expect(LearningRateScaling(form, referenceBatch: 48).factor(globalBatch: 48) == 1)
    }
    #expect(LearningRateScaling(.linear, referenceBatch: 32).factor(globalBatch: 512) == 16)
    #expect(LearningRateScaling(.squareRoot, referenceBatch: 32).factor(globalBatch: 512) == 4)
    #expect(LearningRateScaling(.squareRoot, referenceBatch: 256).factor(globalBatch: 16) == 0.25)
  }
}
