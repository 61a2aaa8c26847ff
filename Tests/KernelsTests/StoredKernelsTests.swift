import Kernels
import Support
import Tensors
import Testing

/// Kernels that load and store 16 bits themselves give the bits of those on floats, each number of whose result is
/// rounded once.
@Suite struct StoredKernelsTests {
  static let formats: [(value: NumberFormat, gradient: NumberFormat)] = [
    (.bf16, .bf16), (.fp16, .fp32), (.fp16, .fp16),
  ]

  let pool = ThreadPool(threads: 2)

  private func expectEqual(_ found: StoredTensor, _ floats: Tensor, _ what: Comment) {
    let expected = narrowed(floats, to: found.format, pool: pool)
    let (a, b) = (widened(found, pool: pool).values, widened(expected, pool: pool).values)
    #expect(zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }, what)
    #expect(Set(a).count > 10)
  }

  /// A tensor as it is stored, and the floats that are read there.
  private func random(
    _ shape: Shape, seed: Int, _ format: NumberFormat
  ) -> (stored: StoredTensor, floats: Tensor) {
    let stored = narrowed(randomTensor(shape, seed: seed), to: format, pool: pool)
    return (stored, widened(stored, pool: pool))
  }

  private func transform(_ channels: Int, _ activation: Activation) -> ChannelTransform {
    ChannelTransform(
      scale: randomTensor([channels], seed: 10), shift: randomTensor([channels], seed: 11),
      activation: activation)
  }

  /// Pointwise, windows, strides, depthwise, groups, and Winograd's, with channels that fill no vector.
  static let geometries: [ConvolutionGeometry] = [
    ConvolutionGeometry(input: [2, 9, 9, 20], filters: 27, window: 1, stride: 1, padding: 0),
    ConvolutionGeometry(input: [2, 8, 8, 16], filters: 32, window: 1, stride: 2, padding: 0),
    ConvolutionGeometry(input: [2, 11, 9, 3], filters: 18, window: 3, stride: 2, padding: 1),
    ConvolutionGeometry(input: [2, 12, 12, 16], filters: 16, window: 3, stride: 1, padding: 1),
    ConvolutionGeometry(
      input: [2, 10, 9, 20], filters: 20, window: 3, stride: 1, padding: 1, groups: 20),
    ConvolutionGeometry(
      input: [2, 11, 11, 37], filters: 37, window: 5, stride: 2, padding: 2, groups: 37),
    ConvolutionGeometry(
      input: [2, 7, 7, 16], filters: 24, window: 3, stride: 1, padding: 1, groups: 4),
  ]

  @Test(arguments: geometries)
  func convolutions(_ g: ConvolutionGeometry) {
    for (format, gradientFormat) in Self.formats {
      for transform in [nil, transform(g.channels, .relu6), transform(g.channels, .silu)] {
        let x = random(g.input, seed: 1, format)
        let filters = randomTensor(
          [g.window, g.window, g.channels / g.groups, g.filters], seed: 2)
        let (output, floats) = (
          StoredTensor(uninitialized: g.output, format: format), Tensor(uninitialized: g.output)
        )
        convolve(
          x.stored, transform: transform, filters: filters, into: output, geometry: g, pool: pool)
        convolve(
          x.floats.stored, transform: transform, filters: filters, into: floats.stored,
          geometry: g, pool: pool)
        expectEqual(output, floats, "forward \(format)")

        let gradient = random(g.output, seed: 3, gradientFormat)
        // Overwritten first, then added to what is there.
        let input = StoredTensor(uninitialized: g.input, format: gradientFormat)
        for accumulating in [false, true] {
          let floats = widened(input, pool: pool).copy()
          convolveInputGradient(
            gradient.stored, filters: filters, into: input, geometry: g,
            accumulating: accumulating, pool: pool)
          convolveInputGradient(
            gradient.floats.stored, filters: filters, into: floats.stored, geometry: g,
            accumulating: accumulating, pool: pool)
          expectEqual(input, floats, "input gradient \(gradientFormat)")
        }
        let sums = [(x.stored, gradient.stored), (x.floats.stored, gradient.floats.stored)].map {
          let sum = Tensor(uninitialized: filters.shape)
          convolveFilterGradient(
            $0, transform: transform, outputGradient: $1, into: sum, geometry: g,
            accumulating: false, pool: pool)
          return sum.values
        }
        #expect(sums[0] == sums[1])
      }
    }
  }

  @Test(arguments: [Activation.identity, .relu, .relu6, .silu])
  func `batch normalisation`(_ activation: Activation) {
    let shape: Shape = [3, 9, 7, 21]
    for (format, gradientFormat) in Self.formats {
      let (x, gradient) = (random(shape, seed: 1, format), random(shape, seed: 2, gradientFormat))
      let moments = batchMoments(x.stored, pool: pool)
      let ofFloats = batchMoments(x.floats.stored, pool: pool)
      #expect(moments.mean == ofFloats.mean && moments.variance == ofFloats.variance)
      func run(
        _ x: StoredTensor, _ gradient: StoredTensor, into result: StoredTensor
      ) -> [Float] {
        let sums = batchNormGradient(
          x, mean: moments.mean,
          inverseDeviation: moments.variance.map { 1 / ($0 + 1e-5).squareRoot() },
          ofBatch: true, transform: transform(21, activation), gradient: gradient, into: result,
          pool: pool)
        return sums.scale + sums.shift
      }
      let (result, floats) = (gradient.stored.uninitializedLike, Tensor(uninitialized: shape))
      let sums = run(x.stored, gradient.stored, into: result)
      #expect(sums == run(x.floats.stored, gradient.floats.stored, into: floats.stored))
      if activation.isGatedByOutput {
        expectEqual(result, floats, "\(activation) \(format)")
      } else {
        // The gradient before the activation is rounded, too, as it waits for its mean.
        let unit = gradientFormat == .bf16 ? 0x1p-8 : gradientFormat == .fp16 ? 0x1p-11 : 0
        for (a, b) in zip(widened(result, pool: pool).values, floats.values) {
          #expect(abs(Double(a) - Double(b)) <= 3 * unit * max(abs(Double(b)), 1))
        }
      }
      // In place, as backward does it.
      _ = run(x.stored, gradient.stored, into: gradient.stored)
      #expect(
        widened(gradient.stored, pool: pool).values == widened(result, pool: pool).values)
    }
  }

  @Test func `squeeze and excitation`() {
    let (shape, reduced): (Shape, Int) = ([2, 7, 5, 19], 6)
    let weights = SqueezeExciteWeights(
      reduce: randomTensor([1, 1, 19, reduced], seed: 1),
      reduceBias: randomTensor([reduced], seed: 2),
      expand: randomTensor([1, 1, reduced, 19], seed: 3), expandBias: randomTensor([19], seed: 4))
    let functions = SqueezeExciteFunctions(activation: .silu, gate: .sigmoid)
    for (format, gradientFormat) in Self.formats {
      let (x, gradient) = (random(shape, seed: 5, format), random(shape, seed: 6, gradientFormat))
      func run(_ x: StoredTensor, into y: StoredTensor) -> SqueezeExciteState {
        let state = SqueezeExciteState(images: 2, channels: 19, reduced: reduced)
        squeezeExcite(
          x, transform: transform(19, .silu), weights: weights, functions: functions, state: state,
          into: y, pool: pool)
        return state
      }
      let (y, floats) = (x.stored.uninitializedLike, Tensor(uninitialized: shape))
      let state = run(x.stored, into: y)
      #expect(state.gate.values == run(x.floats.stored, into: floats.stored).gate.values)
      expectEqual(y, floats, "\(format)")
      func back(_ y: StoredTensor, _ gradient: StoredTensor, into share: StoredTensor) -> [Float] {
        let hidden = Tensor(uninitialized: [2, reduced])
        let gate = Tensor(uninitialized: [2, 19])
        squeezeExciteGradient(
          output: y, weights: weights, functions: functions, state: state, outputGradient: gradient,
          hidden: hidden, gate: gate, into: share, pool: pool)
        return hidden.values + gate.values
      }
      let (share, floatShare) = (gradient.stored.uninitializedLike, Tensor(uninitialized: shape))
      let gates = back(y, gradient.stored, into: share)
      #expect(
        gates
          == back(
            widened(y, pool: pool).stored, gradient.floats.stored, into: floatShare.stored))
      expectEqual(share, floatShare, "gradient \(gradientFormat)")
    }
  }

  @Test func `sums and activations`() {
    let shape: Shape = [2, 5, 5, 21]
    for (format, gradientFormat) in Self.formats {
      let (a, b) = (random(shape, seed: 1, format), random(shape, seed: 2, format))
      let (sum, floats) = (a.stored.uninitializedLike, Tensor(uninitialized: shape))
      residualSum(
        a.stored, transform(21, .relu), b.stored, nil, activation: .relu, into: sum, pool: pool)
      residualSum(
        a.floats.stored, transform(21, .relu), b.floats.stored, nil, activation: .relu,
        into: floats.stored, pool: pool)
      expectEqual(sum, floats, "sum in \(format)")
      let gradient = random(shape, seed: 3, gradientFormat)
      let (input, floatInput) = (gradient.stored.uninitializedLike, Tensor(uninitialized: shape))
      activationGradient(
        gradient.stored, at: sum, activation: .relu, into: input, pool: pool)
      activationGradient(
        gradient.floats.stored, at: widened(sum, pool: pool).stored, activation: .relu,
        into: floatInput.stored, pool: pool)
      expectEqual(input, floatInput, "gradient in \(gradientFormat)")
      let total = gradient.stored.copy()
      add(input, to: total, pool: pool)
      add(floatInput, to: gradient.floats, pool: pool)
      expectEqual(total, gradient.floats, "addition in \(gradientFormat)")
    }
  }
}
