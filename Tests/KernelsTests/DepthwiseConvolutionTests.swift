import Kernels
import Support
import Tensors
import Testing

/// Depthwise convolutions against sums written out in Double, over shapes with odd sizes, channels
/// that fill no vector, one image, strides, and padding that differs before and after.
@Suite struct DepthwiseConvolutionTests {
  struct Case: Sendable, CustomStringConvertible {
    var input: Shape
    var window: Int
    var stride = 1
    var padding: Int
    var paddingAfter: Int?
    var activation: Activation?

    var geometry: ConvolutionGeometry {
      ConvolutionGeometry(
        input: input, filters: input[3], window: window, stride: stride, padding: padding,
        paddingAfter: paddingAfter, groups: input[3])
    }
    var transform: ChannelTransform? {
      activation.map {
        ChannelTransform(
          scale: randomTensor([input[3]], seed: 4), shift: randomTensor([input[3]], seed: 5),
          activation: $0)
      }
    }
    var description: String {
      "\(input), \(window)×\(window)/\(stride), padding \(padding) and \(paddingAfter ?? padding)"
        + (activation.map { ", \($0)" } ?? "")
    }
  }

  static let cases = [
    Case(input: [2, 9, 7, 5], window: 3, padding: 1),
    Case(input: [1, 8, 8, 16], window: 3, padding: 1, activation: .relu),
    Case(input: [2, 10, 10, 24], window: 3, stride: 2, padding: 0, paddingAfter: 1),
    Case(input: [3, 11, 12, 13], window: 5, stride: 2, padding: 2, activation: .silu),
    Case(input: [2, 12, 12, 9], window: 5, stride: 2, padding: 1, paddingAfter: 2),
    Case(input: [1, 14, 15, 40], window: 5, padding: 2, activation: .relu6),
    Case(input: [2, 7, 7, 3], window: 7, padding: 3, activation: .hardSwish),
    Case(input: [2, 8, 9, 8], window: 3, stride: 3, padding: 1, activation: .gelu),
    Case(input: [1, 1, 1, 1], window: 3, padding: 1),
    Case(input: [2, 2, 2, 8], window: 5, stride: 2, padding: 2),
    Case(input: [2, 5, 5, 8], window: 1, stride: 2, padding: 0, activation: .identity),
    Case(input: [5, 56, 57, 150], window: 3, padding: 1, activation: .relu),
  ]

  /// Float rounds each of up to 16,000 products and sums, most of them in short rows.
  static let tolerance = 3e-6

  struct Result: Equatable {
    var output: [Float]
    var inputGradient: [Float]
    var filterGradient: [Float]
  }

  func run(_ test: Case, threads: Int, timesAdded: Int = 0) -> Result {
    let g = test.geometry
    let pool = ThreadPool(threads: threads)
    let input = randomTensor(g.input, seed: 1)
    let filters = randomTensor([g.window, g.window, 1, g.channels], seed: 2)
    let gradient = randomTensor(g.output, seed: 3)
    let output = Tensor(uninitialized: g.output)
    let inputGradient = Tensor(uninitialized: g.input)
    let filterGradient = Tensor(uninitialized: filters.shape)
    convolve(
      input.stored, transform: test.transform, filters: filters, into: output.stored, geometry: g,
      pool: pool)
    for pass in 0...timesAdded {
      convolveInputGradient(
        gradient.stored, filters: filters, into: inputGradient.stored, geometry: g,
        accumulating: pass > 0,
        pool: pool)
      convolveFilterGradient(
        input.stored, transform: test.transform, outputGradient: gradient.stored,
        into: filterGradient,
        geometry: g, accumulating: pass > 0, pool: pool)
    }
    return Result(
      output: output.values, inputGradient: inputGradient.values,
      filterGradient: filterGradient.values)
  }

  @Test(arguments: cases) func `agrees with Double`(_ test: Case) {
    let found = run(test, threads: 2)
    let added = run(test, threads: 2, timesAdded: 1)
    let expected = naive(test)
    #expect(distance(found.output, expected.output) < Self.tolerance)
    #expect(distance(found.inputGradient, expected.inputGradient) < Self.tolerance)
    #expect(distance(found.filterGradient, expected.filterGradient) < Self.tolerance)
    #expect(distance(added.inputGradient, expected.inputGradient.map { 2 * $0 }) < Self.tolerance)
    #expect(distance(added.filterGradient, expected.filterGradient.map { 2 * $0 }) < Self.tolerance)
  }

  @Test(arguments: cases) func `any number of threads gives the same bits`(_ test: Case) {
    let one = run(test, threads: 1)
    #expect(run(test, threads: 2) == one)
    #expect(run(test, threads: 3) == one)
  }

  private func distance(_ a: [Float], _ b: [Double]) -> Double {
    let scale = b.map(abs).max() ?? 1
    return zip(a, b).map { abs(Double($0) - $1) }.max()! / max(scale, .leastNormalMagnitude)
  }

  /// The three functions by their definition.
  private func naive(
    _ test: Case
  ) -> (output: [Double], inputGradient: [Double], filterGradient: [Double]) {
    let g = test.geometry
    let (scale, shift) = (test.transform?.scale.values, test.transform?.shift.values)
    let x = randomTensor(g.input, seed: 1).values.enumerated().map { index, value in
      guard let scale, let shift, let activation = test.activation else { return Double(value) }
      let c = index % g.channels
      return reference(activation, Double(value) * Double(scale[c]) + Double(shift[c]))
    }
    let w = randomTensor([g.window, g.window, 1, g.channels], seed: 2).values.map(Double.init)
    let dy = randomTensor(g.output, seed: 3).values.map(Double.init)
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
              for c in 0..<g.channels {
                let i = ((n * g.height + iy) * g.width + ix) * g.channels + c
                let o = ((n * g.outputHeight + oy) * g.outputWidth + ox) * g.channels + c
                let f = (r * g.window + s) * g.channels + c
                y[o] += x[i] * w[f]
                dx[i] += dy[o] * w[f]
                dw[f] += dy[o] * x[i]
              }
            }
          }
        }
      }
    }
    return (y, dx, dw)
  }
}
