package import Differentiation
import Tensors

/// A linear layer with bias.
package struct Linear {
  private let weight: FlatEntry
  private let bias: FlatEntry

  package init(_ scope: ParameterScope, inputs: Int, outputs: Int) {
    weight = scope.declare(
      "weight", [inputs, outputs], .weight, order: .transposed, .uniformFanIn(inputs))
    bias = scope.declare("bias", [outputs], .vector, .uniformFanIn(inputs))
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    linear(x, weight: weight, bias: bias, on: tape)
  }
}
