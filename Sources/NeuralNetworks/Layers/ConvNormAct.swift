package import Differentiation
import Tensors
package import Kernels

/// The fused unit that models are written in: convolution, batch normalisation, and either an
/// activation or a residual sum followed by it.
package struct ConvNormAct {
  private let convolution: Convolution
  private let norm: BatchNorm
  private let activation: Activation

  /// - Parameters:
  ///   - scope: where both layers lie, e.g. `layer1.0`.
  ///   - names: the layers' names in it, e.g. `("conv1", "bn1")`.
  package init(
    _ scope: ParameterScope, _ names: (convolution: String, norm: String), channels: Int,
    filters: Int, window: Int, stride: Int = 1, padding: Convolution.Padding = .symmetric,
    groups: Int = 1, epsilon: Double = 1e-5, activation: Activation = .relu
  ) {
    convolution = Convolution(
      scope[names.convolution], channels: channels, filters: filters, window: window,
      stride: stride, padding: padding, groups: groups)
    norm = BatchNorm(scope[names.norm], channels: filters, epsilon: epsilon)
    self.activation = activation
  }

  /// The pending `activation(norm(convolution(x)))`.
  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    norm(convolution(x, on: tape), activation: activation, on: tape)
  }

  /// The finished `activation(depth(norm(convolution(x))) + shortcut)`.
  package func callAsFunction(
    _ x: Variable, _ depth: StochasticDepth? = nil, adding shortcut: Variable, on tape: Tape
  ) -> Variable {
    let main = norm(convolution(x, on: tape), activation: .identity, on: tape)
    let branch = depth.map { $0(main, on: tape) } ?? main
    return residualSum(branch, shortcut, activation: activation, on: tape)
  }
}
