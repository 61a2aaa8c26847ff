package import Differentiation
package import Tensors

/// A convolution without bias, as it stands before a normalisation.
package struct Convolution {
  /// How many zeros stand around the images.
  package enum Padding: Sendable {
    /// As many on all sides, so that an odd window keeps the extent at stride 1: PyTorch's habit.
    case symmetric
    /// As few as give ⌈extent / stride⌉ outputs, the odd one at the end: TensorFlow's "same".
    case same
  }

  package let filters: FlatEntry
  private let stride: Int
  private let padding: Padding
  private let isDepthwise: Bool

  /// - Parameter isDepthwise: each channel has one filter of its own; `filters` are `channels`.
  package init(
    _ scope: ParameterScope, channels: Int, filters: Int, window: Int, stride: Int = 1,
    padding: Padding = .symmetric, isDepthwise: Bool = false
  ) {
    precondition(!isDepthwise || channels == filters, "one filter for each channel")
    let depth = isDepthwise ? 1 : channels
    // He et al., "Delving deep into rectifiers", 2015, with the outputs that one input reaches.
    let fanOut = window * window * (isDepthwise ? 1 : filters)
    self.filters = scope.declare(
      "weight", [window, window, depth, filters], .weight, order: .filters,
      .normal(deviation: (2 / Double(fanOut)).squareRoot()))
    self.stride = stride
    self.padding = padding
    self.isDepthwise = isDepthwise
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let (before, after) = zeros(around: x.shape)
    return isDepthwise
      ? depthwiseConvolution(
        x, filters: filters, stride: stride, padding: before, paddingAfter: after, on: tape)
      : convolution(
        x, filters: filters, stride: stride, padding: before, paddingAfter: after, on: tape)
  }

  private func zeros(around images: Shape) -> (before: Int, after: Int) {
    let window = filters.shape[0]
    guard padding == .same else { return (window / 2, window / 2) }
    let extent = images[1]
    precondition(extent == images[2], "\"same\" padding of images that aren't square")
    let outputs = (extent + stride - 1) / stride
    let total = max((outputs - 1) * stride + window - extent, 0)
    return (total / 2, total - total / 2)
  }
}
