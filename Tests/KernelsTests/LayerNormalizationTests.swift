import Kernels
import Support
import Tensors
import Testing

/// Layer normalisation against sums written out in Double, with rows that fill no vector and more
/// rows than one block has.
@Suite struct LayerNormalizationTests {
  static let shapes: [Shape] = [[1, 8], [5, 13], [70, 16], [200, 21], [3, 384]]
  static let epsilon: Float = 1e-6

  struct Result: Equatable {
    var output: [Float]
    var inputGradient: [Float]
    var scaleGradient: [Float]
    var shiftGradient: [Float]
  }

  /// Rows around 20, so that a one-pass sum of squares would show.
  func input(_ shape: Shape) -> Tensor {
    Tensor(randomTensor(shape, seed: 1).values.map { $0 + 20 }, shape: shape)
  }

  func run(_ shape: Shape, threads: Int, timesAdded: Int = 0) -> Result {
    let pool = ThreadPool(threads: threads)
    let x = input(shape)
    let scale = randomTensor([shape[1]], seed: 2)
    let moments = Tensor(uninitialized: [shape[0], 2])
    let output = Tensor(uninitialized: shape)
    layerNorm(
      x, scale: scale, shift: randomTensor([shape[1]], seed: 3), epsilon: Self.epsilon,
      moments: moments, into: output, pool: pool)
    let inputGradient = Tensor(uninitialized: shape)
    let scaleGradient = Tensor(uninitialized: [shape[1]])
    let shiftGradient = Tensor(uninitialized: [shape[1]])
    for pass in 0...timesAdded {
      layerNormGradient(
        x, scale: scale, moments: moments, outputGradient: randomTensor(shape, seed: 4),
        into: inputGradient, accumulating: pass > 0, scaleGradient: scaleGradient,
        shiftGradient: shiftGradient, pool: pool)
    }
    return Result(
      output: output.values, inputGradient: inputGradient.values,
      scaleGradient: scaleGradient.values, shiftGradient: shiftGradient.values)
  }

  @Test(arguments: shapes) func `agrees with Double`(_ shape: Shape) {
    let (rows, channels) = (shape[0], shape[1])
    let x = input(shape).values.map(Double.init)
    let dy = randomTensor(shape, seed: 4).values.map(Double.init)
    let scale = randomTensor([channels], seed: 2).values.map(Double.init)
    let shift = randomTensor([channels], seed: 3).values.map(Double.init)
    var (y, dx) = (x, x)
    var dScale = [Double](repeating: 0, count: channels)
    var dShift = dScale
    for row in 0..<rows {
      let range = (row * channels)..<((row + 1) * channels)
      let mean = x[range].reduce(0, +) / Double(channels)
      let variance = x[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
      let inverse = 1 / (variance + Double(Self.epsilon)).squareRoot()
      let centred = x[range].map { ($0 - mean) * inverse }
      let g = zip(dy[range], scale).map { $0 * $1 }
      let offset = g.reduce(0, +) / Double(channels)
      let slope = zip(g, centred).reduce(0) { $0 + $1.0 * $1.1 } / Double(channels)
      for c in 0..<channels {
        y[range.lowerBound + c] = centred[c] * scale[c] + shift[c]
        dx[range.lowerBound + c] = inverse * (g[c] - offset - centred[c] * slope)
        dScale[c] += dy[range.lowerBound + c] * centred[c]
        dShift[c] += dy[range.lowerBound + c]
      }
    }
    let found = run(shape, threads: 2)
    let added = run(shape, threads: 2, timesAdded: 1)
    // A mean of 20 over a deviation of 0.6 costs a digit and a half.
    #expect(distance(found.output, y) < 1e-5)
    #expect(distance(found.inputGradient, dx) < 1e-5)
    #expect(distance(found.scaleGradient, dScale) < 1e-5)
    #expect(distance(found.shiftGradient, dShift) < 1e-6)
    #expect(distance(added.inputGradient, dx.map { 2 * $0 }) < 1e-5)
  }

  @Test(arguments: shapes) func `any number of threads gives the same bits`(_ shape: Shape) {
    let one = run(shape, threads: 1)
    #expect(run(shape, threads: 2) == one)
    #expect(run(shape, threads: 3) == one)
  }

  private func distance(_ a: [Float], _ b: [Double]) -> Double {
    largestDifference(
      Tensor(a, shape: [a.count]), Tensor(b.map(Float.init), shape: [b.count]))
  }
}
