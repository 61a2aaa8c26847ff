import Optimizers
import Testing

@Suite struct GradientClippingTests {
  @Test(
    arguments: [
      (nil, 300.0, 1.0), (1, 0.5, 1), (1, 0, 1), (1, 1 - 1e-6, 1), (1, 3, 1 / (3 + 1e-6)),
      (0.25, 3, 0.25 / (3 + 1e-6)),
    ] as [(Double?, Double, Double)])
  func `only a norm above the maximum is shortened`(
    maximum: Double?, norm: Double, expected: Double
  ) {
    #expect(GradientClipping(maximumNorm: maximum).coefficient(norm: norm) == expected)
  }

  @Test func `the norm of the mean is what counts, not that of the sum`() {
    let clipping = GradientClipping(maximumNorm: 1)
    #expect(clipping.scale(norm: 30.0 / 64, weight: 64) == 0x1p-6)
    #expect(clipping.scale(norm: 10, weight: 64) == Float(1 / (10 + 1e-6) / 64))
    #expect(GradientClipping(maximumNorm: nil).scale(norm: 10, weight: 64) == 0x1p-6)
  }
}
