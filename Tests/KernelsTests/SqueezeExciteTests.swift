import Glibc
import Kernels
import Support
import Tensors
import Testing

/// Squeeze-and-excitation's forward pass against its definition in Double; its gradient is checked
/// along random directions beside the other operations.
@Suite struct SqueezeExciteTests {
  static let cases: [(shape: Shape, reduced: Int)] = [
    ([1, 1, 1, 1], 1), ([2, 5, 3, 13], 3), ([3, 14, 14, 48], 2),
  ]

  @Test(
    arguments: cases,
    [
      SqueezeExciteFunctions(activation: .silu, gate: .sigmoid),
      SqueezeExciteFunctions(activation: .relu, gate: .hardSigmoid),
    ])
  func `agrees with Double`(
    _ test: (shape: Shape, reduced: Int), _ functions: SqueezeExciteFunctions
  ) {
    let (images, pixels, channels) = (test.shape[0], test.shape[1] * test.shape[2], test.shape[3])
    let input = randomTensor(test.shape, seed: 1)
    let weights = SqueezeExciteWeights(
      reduce: randomTensor([1, 1, channels, test.reduced], seed: 2),
      reduceBias: randomTensor([test.reduced], seed: 3),
      expand: randomTensor([1, 1, test.reduced, channels], seed: 4),
      expandBias: randomTensor([channels], seed: 5))
    let transform = ChannelTransform(
      scale: randomTensor([channels], seed: 6), shift: randomTensor([channels], seed: 7),
      activation: .silu)
    func run(threads: Int) -> [Float] {
      let state = SqueezeExciteState(images: images, channels: channels, reduced: test.reduced)
      let output = Tensor(uninitialized: test.shape)
      squeezeExcite(
        input.stored, transform: transform, weights: weights, functions: functions, state: state,
        into: output.stored, pool: ThreadPool(threads: threads))
      return output.values
    }
    let found = run(threads: 1)
    #expect(run(threads: 2) == found)
    #expect(run(threads: 3) == found)

    let (scale, shift) = (transform.scale.values, transform.shift.values)
    let x = input.values.enumerated().map { index, value in
      let c = index % channels
      return reference(.silu, Double(value) * Double(scale[c]) + Double(shift[c]))
    }
    let reduce = weights.reduce.values.map(Double.init)
    let expand = weights.expand.values.map(Double.init)
    var y = x
    for n in 0..<images {
      let first = n * pixels * channels
      var hidden = weights.reduceBias.values.map(Double.init)
      for c in 0..<channels {
        let sum = (0..<pixels).reduce(0) { $0 + x[first + $1 * channels + c] }
        for r in 0..<test.reduced {
          hidden[r] += sum / Double(pixels) * reduce[c * test.reduced + r]
        }
      }
      for c in 0..<channels {
        var gate = Double(weights.expandBias.values[c])
        for r in 0..<test.reduced {
          gate += reference(functions.activation, hidden[r]) * expand[r * channels + c]
        }
        let opened =
          functions.gate == .sigmoid ? 1 / (1 + exp(-gate)) : min(max(gate + 3, 0), 6) / 6
        for p in 0..<pixels { y[first + p * channels + c] *= opened }
      }
    }
    let expected = Tensor(y.map(Float.init), shape: test.shape)
    #expect(largestDifference(Tensor(found, shape: test.shape), expected) < 1e-6)
  }
}
