import Differentiation
import Kernels
import Tensors
import Testing

/// Convolutions.
extension GradientTests {
  @Test(arguments: 1...3, [(3, 1, 1), (3, 2, 1), (7, 2, 3), (1, 1, 0), (1, 2, 0)])
  func `a convolution has the slope's gradient`(
    _ seed: Int, _ shape: (window: Int, stride: Int, padding: Int)
  ) {
    let error = gradientCheckError(
      entries: [Self.filters("w", shape.window, 5, 6)], input: [2, 9, 7, 5], seed: seed
    ) { x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), stride: shape.stride, padding: shape.padding, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// In groups; as many as channels is depthwise. The last ones are padded as TensorFlow does.
  @Test(
    arguments: 1...3,
    [
      (10, 3, 1, 1, 1), (10, 5, 1, 2, 2), (10, 7, 1, 3, 3), (10, 3, 2, 1, 1), (5, 3, 1, 1, 1),
      (2, 3, 2, 0, 1), (10, 3, 2, 0, 1), (10, 5, 2, 1, 2),
    ])
  func `a grouped convolution has the slope's gradient`(
    _ seed: Int, _ shape: (groups: Int, window: Int, stride: Int, padding: Int, paddingAfter: Int)
  ) {
    let filters = FlatEntry(
      name: "w", shape: [shape.window, shape.window, 10 / shape.groups, 10], kind: .weight,
      order: .filters)
    let error = gradientCheckError(entries: [filters], input: [2, 8, 8, 10], seed: seed) {
      x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), stride: shape.stride, padding: shape.padding,
        paddingAfter: shape.paddingAfter, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// Windows that tile the images, with a bias.
  @Test(arguments: 1...3)
  func `windows that tile the image have the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [
        Self.filters("w", 4, 3, 10), FlatEntry(name: "b", shape: [10], kind: .vector),
      ], input: [2, 9, 8, 3], seed: seed
    ) { x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), bias: tape.entry("b"), stride: 4, padding: 0, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// A parameter used twice gets the sum of both gradients.
  @Test(arguments: 1...3) func `a parameter used twice has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [Self.filters("w", 3, 4, 4)], input: [2, 5, 5, 4], seed: seed
    ) { x, tape in
      let once = Differentiation.convolution(
        x, filters: tape.entry("w"), stride: 1, padding: 1, on: tape)
      return Differentiation.convolution(
        once, filters: tape.entry("w"), stride: 1, padding: 1, on: tape)
    }
    #expect(error < Self.tolerance)
  }
}
