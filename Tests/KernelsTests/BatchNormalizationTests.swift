import Kernels
import Support
import Tensors
import Testing

@Suite struct BatchNormalizationTests {
  /// Shapes with one row, with channels that fill no vector, and with several blocks of rows.
  static let shapes: [Shape] = [
    [1, 1, 1, 3], [2, 3, 3, 8], [3, 5, 7, 13], [8, 40, 40, 24], [2, 64, 64, 9],
  ]

  @Test(arguments: shapes) func `moments agree with Double`(_ shape: Shape) {
    let x = Tensor(randomTensor(shape, seed: 7).values.map { $0 + 50 }, shape: shape)
    let channels = shape[3]
    let rows = shape.count / channels
    let (mean, variance) = batchMoments(x.stored, pool: ThreadPool(threads: 2))
    let values = x.values
    for c in 0..<channels {
      let column = (0..<rows).map { Double(values[$0 * channels + c]) }
      let expected = column.reduce(0, +) / Double(rows)
      let spread = column.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / Double(rows)
      // A mean of 50 over a deviation of 0.6: a one-pass sum of squares would lose four digits more.
      #expect(abs(mean[c] - expected) < 1e-6 * 50)
      #expect(abs(variance[c] - spread) <= 1e-4 * spread + 1e-9)
    }
  }

  @Test(arguments: shapes) func `any number of threads gives the same bits`(_ shape: Shape) {
    let x = randomTensor(shape, seed: 8)
    let gradient = randomTensor(shape, seed: 9)
    let channels = shape[3]
    func results(threads: Int) -> ([Double], [Double], [Float], [Float]) {
      let pool = ThreadPool(threads: threads)
      let (mean, variance) = batchMoments(x.stored, pool: pool)
      let inverse = variance.map { 1 / ($0 + 1e-5).squareRoot() }
      let transform = ChannelTransform(
        scale: randomTensor([channels], seed: 10), shift: randomTensor([channels], seed: 11),
        activation: .relu)
      let result = Tensor(uninitialized: shape)
      let sums = batchNormGradient(
        x.stored, mean: mean, inverseDeviation: inverse, ofBatch: true, transform: transform,
        gradient: gradient.stored, into: result.stored, pool: pool)
      return (mean, variance, result.values, sums.scale + sums.shift)
    }
    let one = results(threads: 1)
    #expect(results(threads: 2) == one)
    #expect(results(threads: 3) == one)
  }

  @Test func `NaN passes ReLU and max pooling`() {
    let x = Tensor([.nan, 1, 2, 3], shape: [1, 2, 2, 1])
    let identity = ChannelTransform(
      scale: Tensor([1], shape: [1]), shift: Tensor([0], shape: [1]), activation: .relu)
    let geometry = ConvolutionGeometry(
      input: x.shape, filters: 1, window: 1, stride: 1, padding: 0)
    let output = Tensor(uninitialized: geometry.output)
    maxPool(
      x, transform: identity, into: output, geometry: geometry, pool: ThreadPool(threads: 1))
    #expect(output.values[0].isNaN)
    #expect(output.values[3] == 3)
  }
}
