package import Differentiation
package import Tensors

/// A convolution without bias, as it stands before a normalisation.
package struct Convolution {
  package let filters: FlatEntry
  package let stride: Int
  package let padding: Int

  /// Padded so that an odd window keeps the extent at stride 1.
  package init(
    _ scope: ParameterScope, channels: Int, filters: Int, window: Int, stride: Int = 1
  ) {
    self.filters = scope.declare(
      "weight", [window, window, channels, filters], .weight, order: .filters, .kaimingNormalFanOut)
    self.stride = stride
    padding = window / 2
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    convolution(x, filters: filters, stride: stride, padding: padding, on: tape)
  }
}
