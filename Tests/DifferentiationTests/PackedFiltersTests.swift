import Differentiation
import Kernels
import Support
import Tensors
import Testing

/// Filters that are prepared once give the bits of those that are prepared for each pass.
@Suite struct PackedFiltersTests {
  static let layout = FlatLayout([
    GradientTests.filters("three", 3, 4, 8), GradientTests.filters("one", 1, 8, 24),
    GradientTests.filters("depthwise", 3, 1, 24), GradientTests.filters("stem", 7, 4, 8),
  ])

  /// 3×3, 1×1 and depthwise filters, and 7×7 with a stride.
  static func output(_ image: Tensor, _ weights: FlatStore, _ packed: PackedFilters?) -> [Float] {
    let parameters = Parameters(weights: weights, packedFilters: packed)
    let tape = Tape(parameters, mode: .evaluation, pool: .caller)
    let (three, one) = (layout.entries[0], layout.entries[1])
    let x = Variable(image, needsGradient: false)
    let y = convolution(x, filters: three, stride: 1, padding: 1, on: tape)
    let z = convolution(y, filters: one, stride: 1, padding: 0, on: tape)
    let deep = convolution(z, filters: layout.entries[2], stride: 1, padding: 1, on: tape)
    let stem = convolution(x, filters: layout.entries[3], stride: 2, padding: 3, on: tape)
    return finished(deep) + finished(stem)
  }

  @Test func sameBitsForAllPassesAndSizes() {
    let weights = FlatStore.weights(Self.layout)
    let values = randomTensor([Self.layout.weightCount], seed: 3)
    weights.pointer.update(from: values.pointer, count: values.count)
    let packed = PackedFilters()
    // So few pixels as the last image has are not worth Winograd's transforms.
    for (seed, size) in [(1, 28), (2, 28), (3, 12), (4, 3)] {
      let image = randomTensor([1, size, size, 4], seed: seed)
      #expect(
        Self.output(image, weights, packed) == Self.output(image, weights, nil), "\(size) pixels")
    }
  }
}
