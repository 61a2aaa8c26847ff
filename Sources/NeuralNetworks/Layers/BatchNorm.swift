package import Differentiation
import Tensors
package import Kernels

/// Batch normalisation with PyTorch's names and epsilon; the result is pending.
package struct BatchNorm {
  /// The share of a step's statistics in the new running statistics, PyTorch's default.
  package static let momentum = 0.1

  package let entries: NormalizationEntries
  package let epsilon: Double

  package init(_ scope: ParameterScope, channels: Int, epsilon: Double = 1e-5) {
    self.epsilon = epsilon
    entries = NormalizationEntries(
      scale: scope.declare("weight", [channels], .vector, .constant(1)),
      shift: scope.declare("bias", [channels], .vector, .constant(0)),
      runningMean: scope.declare("running_mean", [channels], .statistic, .constant(0)),
      runningVariance: scope.declare("running_var", [channels], .statistic, .constant(1)))
  }

  package func callAsFunction(
    _ x: Variable, activation: Activation, on tape: Tape
  ) -> Variable {
    batchNormalization(x, entries, epsilon: epsilon, activation: activation, on: tape)
  }
}
