import Kernels
import Support
import Tensors
import Testing

/// Max pooling by its definition, with windows that overlap, reach over the edge, and tie.
@Suite struct MaxPoolingTests {
  struct Case: Sendable {
    var input: Shape
    var window: Int
    var stride: Int
    var padding: Int

    var geometry: ConvolutionGeometry {
      ConvolutionGeometry(
        input: input, filters: input[3], window: window, stride: stride, padding: padding)
    }
  }

  static let cases = [
    Case(input: [2, 7, 9, 8], window: 3, stride: 2, padding: 1),
    Case(input: [1, 6, 6, 13], window: 2, stride: 2, padding: 0),
    Case(input: [3, 5, 4, 3], window: 3, stride: 1, padding: 1),
    Case(input: [1, 1, 1, 17], window: 3, stride: 2, padding: 1),
  ]

  @Test(arguments: cases) func `agrees with the definition`(_ test: Case) {
    let g = test.geometry
    let channels = g.channels
    // Steps of a half make many ties, which go to the first; ReLU makes more.
    let input = Tensor(
      randomTensor(g.input, seed: 1).values.map { ($0 * 4).rounded() / 2 }, shape: g.input)
    let transform = ChannelTransform(
      scale: Tensor((0..<channels).map { Float($0 % 3) - 1 }, shape: [channels]),
      shift: Tensor((0..<channels).map { Float($0 % 2) }, shape: [channels]), activation: .relu)
    let gradient = randomTensor(g.output, seed: 2)

    var expected = [Float](repeating: -.infinity, count: g.output.count)
    var expectedGradient = [Float](repeating: 0, count: g.input.count)
    for o in 0..<g.output.count {
      let c = o % channels
      let pixel = o / channels
      let image = pixel / (g.outputHeight * g.outputWidth)
      let oy = pixel / g.outputWidth % g.outputHeight
      let ox = pixel % g.outputWidth
      var winner = -1
      for r in 0..<g.window {
        for s in 0..<g.window {
          let (y, x) = (oy * g.stride + r - g.padding, ox * g.stride + s - g.padding)
          guard (0..<g.height).contains(y), (0..<g.width).contains(x) else { continue }
          let i = ((image * g.height + y) * g.width + x) * channels + c
          let value = max(
            0, input.values[i] * transform.scale.values[c] + transform.shift.values[c])
          if value > expected[o] { (expected[o], winner) = (value, i) }
        }
      }
      expectedGradient[winner] += gradient.values[o]
    }

    for threads in 1...3 {
      let pool = ThreadPool(threads: threads)
      let output = Tensor(uninitialized: g.output)
      maxPool(input, transform: transform, into: output, geometry: g, pool: pool)
      #expect(output.values == expected)
      let inputGradient = Tensor(uninitialized: g.input)
      maxPoolGradient(
        input, transform: transform, output: output, outputGradient: gradient,
        into: inputGradient, geometry: g, accumulating: false, pool: pool)
      #expect(inputGradient.values == expectedGradient)
    }
  }
}
