package import Differentiation
package import Tensors

/// A convolution; without bias, where a batch normalisation follows that would take it away again.
package struct Convolution {
  /// How many zeros stand around the images.
  package enum Padding: Sendable {
    /// As many on all sides, so that an odd window keeps the extent at stride 1: PyTorch's habit.
    case symmetric
    /// As few as give ⌈extent / stride⌉ outputs, the odd one at the end: TensorFlow's "same".
    case same
    /// None: the windows tile the images, and what is left at the end isn't looked at.
    case none
  }

  package let filters: FlatEntry
  private let bias: FlatEntry?
  private let stride: Int
  private let padding: Padding

  /// - Parameters:
  ///   - groups: divides channels and filters; as many as both are for a depthwise convolution.
  ///   - weight: He et al., "Delving deep into rectifiers", 2015, with the outputs that one input
  ///     reaches, if nil.
  package init(
    _ scope: ParameterScope, channels: Int, filters: Int, window: Int, stride: Int = 1,
    padding: Padding = .symmetric, groups: Int = 1, isBiased: Bool = false,
    weight: Initializer? = nil
  ) {
    let fanOut = window * window * filters / groups
    self.filters = scope.declare(
      "weight", [window, window, channels / groups, filters], .weight, order: .filters,
      weight ?? .normal(deviation: (2 / Double(fanOut)).squareRoot()))
    bias = isBiased ? scope.declare("bias", [filters], .vector, .constant(0)) : nil
    self.stride = stride
    self.padding = padding
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    let (before, after) = zeros(around: x.shape)
    return convolution(
      x, filters: filters, bias: bias, stride: stride, padding: before, paddingAfter: after,
      on: tape)
  }

  private func zeros(around images: Shape) -> (before: Int, after: Int) {
    let window = filters.shape[0]
    switch padding {
    case .symmetric: return (window / 2, window / 2)
    case .none: return (0, 0)
    case .same: break
    }
    let extent = images[1]
    precondition(extent == images[2], "\"same\" padding of images that aren't square")
    let outputs = (extent + stride - 1) / stride
    let total = max((outputs - 1) * stride + window - extent, 0)
    return (total / 2, total - total / 2)
  }
}
