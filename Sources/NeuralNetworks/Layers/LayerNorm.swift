package import Differentiation
import Tensors

/// Layer normalisation over the last axis, with PyTorch's names.
package struct LayerNorm {
  private let scale: FlatEntry
  private let shift: FlatEntry
  private let epsilon: Float

  package init(_ scope: ParameterScope, channels: Int, epsilon: Float = 1e-5) {
    self.epsilon = epsilon
    scale = scope.declare("weight", [channels], .vector, .constant(1))
    shift = scope.declare("bias", [channels], .vector, .constant(0))
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    layerNormalization(x, scale: scale, shift: shift, epsilon: epsilon, on: tape)
  }
}
