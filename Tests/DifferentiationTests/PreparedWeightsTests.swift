import Differentiation
import Kernels
import Support
import Tensors
import Testing

/// What is prepared once gives the bits of what is prepared for each pass.
@Suite struct PreparedWeightsTests {
  static let layout = FlatLayout(
    [
      GradientTests.filters("three", 3, 4, 8), GradientTests.filters("one", 1, 8, 24),
      GradientTests.filters("depthwise", 3, 1, 24), GradientTests.filters("stem", 7, 4, 8),
    ] + GradientTests.norm("first", 8) + GradientTests.norm("second", 24))

  /// 3×3, 1×1 and depthwise filters, and 7×7 with a stride; two norms.
  static func output(
    _ image: Tensor, _ weights: FlatStore, _ prepared: PreparedWeights?
  ) -> [Float] {
    let parameters = Parameters(weights: weights, prepared: prepared)
    let tape = Tape(parameters, mode: .evaluation, pool: .caller)
    let (three, one) = (layout.entries[0], layout.entries[1])
    let x = Variable(image, needsGradient: false)
    let y = convolution(x, filters: three, stride: 1, padding: 1, on: tape)
    let z = convolution(
      GradientTests.batchNorm(y, "first", .relu, tape), filters: one, stride: 1, padding: 0,
      on: tape)
    let deep = convolution(
      GradientTests.batchNorm(z, "second", .silu, tape), filters: layout.entries[2], stride: 1,
      padding: 1, on: tape)
    let stem = convolution(x, filters: layout.entries[3], stride: 2, padding: 3, on: tape)
    return finished(deep) + finished(stem)
  }

  @Test func `all passes and sizes give the same bits`() {
    let weights = FlatStore.weights(Self.layout)
    let values = randomTensor([weights.count], seed: 3)
    // Variances, too, which are above zero.
    for index in 0..<weights.count { weights.pointer[index] = abs(values.pointer[index]) }
    let prepared = PreparedWeights()
    // So few pixels as the last image has are not worth Winograd's transforms.
    for (seed, size) in [(1, 28), (2, 28), (3, 12), (4, 3)] {
      let image = randomTensor([1, size, size, 4], seed: seed)
      #expect(
        Self.output(image, weights, prepared) == Self.output(image, weights, nil),
        "\(size) pixels")
    }
  }
}
