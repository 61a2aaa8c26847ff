package import Differentiation
package import Kernels
import Tensors

/// A linear layer with bias.
package struct Linear {
  private let weight: FlatEntry
  private let bias: FlatEntry

  /// Starts as PyTorch's does unless told otherwise.
  ///
  /// - Parameter isPointwise: in PyTorch it is a 1×1 convolution, with a weight `[out, in, 1, 1]`.
  package init(
    _ scope: ParameterScope, inputs: Int, outputs: Int, isPointwise: Bool = false,
    weight: Initializer? = nil, bias: Initializer? = nil
  ) {
    self.weight = scope.declare(
      "weight", isPointwise ? [1, 1, inputs, outputs] : [inputs, outputs], .weight,
      order: isPointwise ? .filters : .transposed, weight ?? .uniform(fan: inputs))
    self.bias = scope.declare("bias", [outputs], .vector, bias ?? .uniform(fan: inputs))
  }

  /// `activation(x · weight + bias + shortcut)` over all rows of `x`.
  package func callAsFunction(
    _ x: Variable, activation: Activation = .identity, adding shortcut: Variable? = nil,
    on tape: Tape
  ) -> Variable {
    linear(x, weight: weight, bias: bias, activation: activation, adding: shortcut, on: tape)
  }
}
