package import Differentiation
import Tensors

/// Dropout, which draws from a stream of its path's.
package struct Dropout {
  private let rate: Double
  private let stream: Philox.Stream

  package init(_ scope: ParameterScope, rate: Double) {
    self.rate = rate
    stream = .layer(scope.path)
  }

  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    dropout(x, rate: rate, stream: stream, on: tape)
  }
}
