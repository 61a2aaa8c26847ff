package import Differentiation
package import Kernels
import Tensors

/// Squeeze-and-excitation, with one function between its two 1×1 convolutions and a gate behind them:
/// Hu et al., "Squeeze-and-excitation networks", 2018; timm's names.
package struct SqueezeExcite {
  private let entries: SqueezeExciteEntries
  private let functions: SqueezeExciteFunctions

  package init(
    _ scope: ParameterScope, channels: Int, reduced: Int, functions: SqueezeExciteFunctions
  ) {
    self.functions = functions
    let (reduce, expand) = (scope["conv_reduce"], scope["conv_expand"])
    entries = SqueezeExciteEntries(
      reduce: reduce.declare(
        "weight", [1, 1, channels, reduced], .weight, order: .filters,
        .normal(deviation: (2 / Double(reduced)).squareRoot())),
      reduceBias: reduce.declare("bias", [reduced], .vector, .constant(0)),
      expand: expand.declare(
        "weight", [1, 1, reduced, channels], .weight, order: .filters,
        .normal(deviation: (2 / Double(channels)).squareRoot())),
      expandBias: expand.declare("bias", [channels], .vector, .constant(0)))
  }

  /// The finished gated images; `x` may be pending.
  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    squeezeExcite(x, entries, functions: functions, on: tape)
  }
}
