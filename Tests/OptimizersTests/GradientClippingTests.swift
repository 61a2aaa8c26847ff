import Optimizers
import Support
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

  @Test func `elements of the mean are clamped, by those of the sum`() {
    var sums: [Float] = [0, 3, -3, 2, -2.5, 1e-9, -.greatestFiniteMagnitude]
    GradientClipping(maximumValue: 0.5).clamp(&sums, count: sums.count, weight: 4)
    #expect(sums == [0, 2, -2, 2, -2, 1e-9, -2])
    GradientClipping(maximumNorm: 0.5).clamp(&sums, count: sums.count, weight: 1)
    #expect(sums[1] == 2)
    #expect(GradientClipping(maximumValue: 0.5).scale(norm: 300, weight: 4) == 0.25)
  }

  @Test func `fifty steps on recorded gradients, clipped by value, end where PyTorch's do`() throws
  {
    try RecordedGradients().expectSteps(
      of: SGD(momentum: 0.9, isNesterov: false, weightDecay: 0), toGive: Golden("clipping"),
      "value",
      clipping: GradientClipping(maximumValue: 0.01), learningRate: { _ in 1e-2 })
  }

  @Test(
    arguments: [
      (GradientClipping(maximumNorm: 1), 1.5, 9.0, true),
      (GradientClipping(maximumNorm: 1), 0.9, 9, false),
      (GradientClipping(maximumValue: 1), 9, 1.5, true),
      (GradientClipping(maximumValue: 1), 9, 1, false),
      (GradientClipping(), 9, 9, false),
    ])
  func `clipping acts where a gradient is changed`(
    clipping: GradientClipping, norm: Double, largest: Double, acts: Bool
  ) {
    #expect(clipping.acts(norm: norm, largest: largest) == acts)
    #expect(clipping.isOn == (clipping.maximumNorm != nil || clipping.maximumValue != nil))
  }
}
