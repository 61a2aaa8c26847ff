import Kernels
import Support
import Tensors
import Testing

/// Convolutions against sums written out in Double, over shapes with odd sizes, channels that fill
/// no vector, one image, strides and padding.
@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    var input: Shape
    var filters: Int
    var window: Int
    var stride = 1
    var padding = 0
    var groups = 1
    var transformed = false
    var algorithm = ConvolutionAlgorithm.fastest

    var geometry: ConvolutionGeometry {
      ConvolutionGeometry(
        input: input, filters: filters, window: window, stride: stride, padding: padding,
        groups: groups, algorithm: algorithm)
    }
    /// Float rounds each of up to 3,200 products and sums; a sum of signed terms loses about √3200
    /// of its ulps. Winograd's transforms multiply by up to 8 and cancel again.
    var tolerance: Double {
      window == 3 && stride == 1 && algorithm == .fastest ? 2e-5 : 2e-6
    }
    var description: String {
      "\(input) ∗ \(window)×\(window)/\(stride), \(filters) filters, padding \(padding)"
        + (groups > 1 ? ", \(groups) groups" : "") + (transformed ? ", transformed" : "")
        + (algorithm == .direct ? ", direct" : "")
    }
  }

  static let cases =
    [
      // Winograd: whole tiles, pieces of tiles, less than one, channels that fill no vector or
      // panel, several blocks.
      Case(input: [1, 8, 8, 16], filters: 16, window: 3, padding: 1),
      Case(input: [2, 9, 7, 20], filters: 18, window: 3, padding: 1, transformed: true),
      Case(input: [3, 7, 7, 40], filters: 24, window: 3, padding: 1, transformed: true),
      Case(input: [1, 2, 3, 7], filters: 35, window: 3, padding: 1),
      Case(input: [2, 30, 33, 9], filters: 5, window: 3, padding: 1, transformed: true),
      Case(input: [1, 6, 5, 200], filters: 64, window: 3, padding: 1),
      Case(input: [2, 9, 7, 12], filters: 24, window: 3, padding: 1, groups: 3, transformed: true),
    ].flatMap { test in
      var direct = test
      direct.algorithm = .direct
      return [test, direct]
    } + [
      Case(input: [2, 9, 7, 5], filters: 6, window: 3, padding: 1),
      Case(input: [1, 8, 8, 16], filters: 8, window: 3, padding: 1, transformed: true),
      Case(input: [3, 11, 10, 3], filters: 9, window: 7, stride: 2, padding: 3),
      Case(input: [2, 9, 7, 12], filters: 5, window: 3, stride: 2, padding: 1, transformed: true),
      Case(input: [2, 6, 5, 24], filters: 17, window: 1),
      Case(input: [2, 6, 5, 24], filters: 17, window: 1, transformed: true),
      Case(input: [2, 7, 9, 11], filters: 4, window: 1, stride: 2, transformed: true),
      Case(input: [1, 1, 1, 1], filters: 1, window: 3, padding: 1),
      Case(input: [4, 40, 40, 8], filters: 16, window: 3, padding: 1),
      // Groups: of one channel with several filters, of several with one, with a stride, pointwise.
      Case(input: [2, 6, 5, 4], filters: 12, window: 3, padding: 1, groups: 4),
      Case(input: [2, 6, 5, 12], filters: 4, window: 1, groups: 4, transformed: true),
      Case(
        input: [3, 11, 10, 18], filters: 27, window: 5, stride: 2, padding: 2, groups: 9,
        transformed: true),
      // Windows that tile the images, and leave some.
      Case(input: [2, 9, 11, 3], filters: 10, window: 4, stride: 4),
      Case(input: [2, 7, 6, 12], filters: 9, window: 2, stride: 2, transformed: true),
    ]

  @Test(arguments: cases) func `agrees with Double`(_ test: Case) {
    let g = test.geometry
    let input = randomTensor(g.input, seed: 1)
    let filters = randomTensor([g.window, g.window, g.channels / g.groups, g.filters], seed: 2)
    let gradient = randomTensor(g.output, seed: 3)
    let transform =
      test.transformed
      ? ChannelTransform(
        scale: randomTensor([g.channels], seed: 4), shift: randomTensor([g.channels], seed: 5),
        activation: .relu) : nil
    let pool = ThreadPool(threads: 2)
    let output = Tensor(uninitialized: g.output)
    convolve(
      input.stored, transform: transform, filters: filters, into: output.stored, geometry: g,
      pool: pool)
    let inputGradient = Tensor(uninitialized: g.input)
    convolveInputGradient(
      gradient.stored, filters: filters, into: inputGradient.stored, geometry: g,
      accumulating: false, pool: pool)
    let filterGradient = Tensor(uninitialized: filters.shape)
    convolveFilterGradient(
      input.stored, transform: transform, outputGradient: gradient.stored, into: filterGradient,
      geometry: g,
      accumulating: false, pool: pool)

    let expected = naive(input, transform, filters, gradient, g)
    #expect(largestDifference(output, expected.output) < test.tolerance)
    #expect(largestDifference(inputGradient, expected.inputGradient) < test.tolerance)
    #expect(largestDifference(filterGradient, expected.filterGradient) < test.tolerance)

    // Accumulating adds the same once more.
    convolveInputGradient(
      gradient.stored, filters: filters, into: inputGradient.stored, geometry: g,
      accumulating: true, pool: pool)
    convolveFilterGradient(
      input.stored, transform: transform, outputGradient: gradient.stored, into: filterGradient,
      geometry: g,
      accumulating: true, pool: pool)
    func doubled(_ x: Tensor) -> Tensor { Tensor(x.values.map { 2 * $0 }, shape: x.shape) }
    #expect(largestDifference(inputGradient, doubled(expected.inputGradient)) < test.tolerance)
    #expect(largestDifference(filterGradient, doubled(expected.filterGradient)) < test.tolerance)
  }

  @Test(arguments: cases) func `any number of threads gives the same bits`(_ test: Case) {
    let g = test.geometry
    let input = randomTensor(g.input, seed: 1)
    let filters = randomTensor([g.window, g.window, g.channels / g.groups, g.filters], seed: 2)
    let gradient = randomTensor(g.output, seed: 3)
    func results(threads: Int) -> [[Float]] {
      let pool = ThreadPool(threads: threads)
      let output = Tensor(uninitialized: g.output)
      convolve(
        input.stored, transform: nil, filters: filters, into: output.stored, geometry: g, pool: pool
      )
      let inputGradient = Tensor(uninitialized: g.input)
      convolveInputGradient(
        gradient.stored, filters: filters, into: inputGradient.stored, geometry: g,
        accumulating: false,
        pool: pool)
      let filterGradient = Tensor(uninitialized: filters.shape)
      convolveFilterGradient(
        input.stored, transform: nil, outputGradient: gradient.stored, into: filterGradient,
        geometry: g,
        accumulating: false, pool: pool)
      return [output.values, inputGradient.values, filterGradient.values]
    }
    let one = results(threads: 1)
    #expect(results(threads: 2) == one)
    #expect(results(threads: 3) == one)
  }

  @Test(arguments: cases) func `filters packed before give the same bits`(_ test: Case) {
    let g = test.geometry
    let input = randomTensor(g.input, seed: 1)
    let filters = randomTensor([g.window, g.window, g.channels / g.groups, g.filters], seed: 2)
    let pool = ThreadPool(threads: 2)
    let packed = packFilters(filters, geometry: g, pool: pool)
    #expect((packed == nil) == (g.groups > 1))
    let results = [nil, packed].map { packed in
      let output = Tensor(uninitialized: g.output)
      convolve(
        input.stored, transform: nil, filters: filters, packed: packed, into: output.stored,
        geometry: g,
        pool: pool)
      return output.values
    }
    #expect(results[0] == results[1])
  }

  /// ⟨x ∗ w, g⟩ is linear in each of the three, so the two gradients give the same number.
  @Test(arguments: cases) func `gradients are adjoint`(_ test: Case) {
    let g = test.geometry
    let input = randomTensor(g.input, seed: 1)
    let filters = randomTensor([g.window, g.window, g.channels / g.groups, g.filters], seed: 2)
    let gradient = randomTensor(g.output, seed: 3)
    let pool = ThreadPool(threads: 1)
    let output = Tensor(uninitialized: g.output)
    convolve(
      input.stored, transform: nil, filters: filters, into: output.stored, geometry: g, pool: pool)
    let inputGradient = Tensor(uninitialized: g.input)
    convolveInputGradient(
      gradient.stored, filters: filters, into: inputGradient.stored, geometry: g,
      accumulating: false, pool: pool)
    let filterGradient = Tensor(uninitialized: filters.shape)
    convolveFilterGradient(
      input.stored, transform: nil, outputGradient: gradient.stored, into: filterGradient,
      geometry: g,
      accumulating: false, pool: pool)
    func product(_ a: Tensor, _ b: Tensor) -> (value: Double, scale: Double) {
      let terms = zip(a.values, b.values).map { Double($0) * Double($1) }
      return (terms.reduce(0, +), terms.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
    let forward = product(output, gradient)
    for found in [product(input, inputGradient), product(filters, filterGradient)] {
      #expect(abs(found.value - forward.value) < test.tolerance * forward.scale * 10)
    }
  }

  /// The three functions by their definition.
  private func naive(
    _ input: Tensor, _ transform: ChannelTransform?, _ filters: Tensor, _ gradient: Tensor,
    _ g: ConvolutionGeometry
  ) -> (output: Tensor, inputGradient: Tensor, filterGradient: Tensor) {
    let x = input.values.enumerated().map { index, value in
      guard let transform else { return Double(value) }
      let c = index % g.channels
      return max(
        0,
        Double(value) * Double(transform.scale.values[c]) + Double(transform.shift.values[c]))
    }
    let w = filters.values.map(Double.init)
    let dy = gradient.values.map(Double.init)
    var y = [Double](repeating: 0, count: dy.count)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    for n in 0..<g.images {
      for oy in 0..<g.outputHeight {
        for ox in 0..<g.outputWidth {
          for r in 0..<g.window {
            for s in 0..<g.window {
              let (iy, ix) = (oy * g.stride + r - g.padding, ox * g.stride + s - g.padding)
              guard (0..<g.height).contains(iy), (0..<g.width).contains(ix) else { continue }
              for k in 0..<g.filters {
                let o = ((n * g.outputHeight + oy) * g.outputWidth + ox) * g.filters + k
                let depth = g.channels / g.groups
                let first = k / (g.filters / g.groups) * depth
                for c in 0..<depth {
                  let i = ((n * g.height + iy) * g.width + ix) * g.channels + first + c
                  let f = ((r * g.window + s) * depth + c) * g.filters + k
                  y[o] += x[i] * w[f]
                  dx[i] += dy[o] * w[f]
                  dw[f] += dy[o] * x[i]
                }
              }
            }
          }
        }
      }
    }
    return (
      Tensor(y.map(Float.init), shape: g.output), Tensor(dx.map(Float.init), shape: g.input),
      Tensor(dw.map(Float.init), shape: filters.shape)
    )
  }
}
