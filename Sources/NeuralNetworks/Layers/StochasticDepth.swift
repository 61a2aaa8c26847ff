package import Differentiation
import Tensors

/// Passes over a block's branch for some of the samples in training, drawn from a stream of its path's.
package struct StochasticDepth {
  private let rate: Double
  private let stream: Philox.Stream

  /// - Parameters:
  ///   - scope: the block's.
  ///   - rate: the share of samples that the branch is passed over for.
  package init(_ scope: ParameterScope, rate: Double) {
    self.rate = rate
    stream = .layer(scope["drop_path"].path)
  }

  /// The rates of the blocks of a net, which grow evenly from none for the first.
  ///
  /// - Parameter rate: of the block that is `steps` behind the first.
  package static func rates(upTo rate: Double, in steps: Int, blocks: Int) -> [Double] {
    (0..<blocks).map { rate * Double($0) / Double(max(1, steps)) }
  }

  /// Whether any sample may be passed over: else the branch can be added as it is computed.
  package func isActive(on tape: Tape) -> Bool {
    rate > 0 && tape.mode == .training && tape.randomness != nil
  }

  /// What is left of the branch `x[N,…]`: the branch itself where no sample may be passed over.
  package func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    guard isActive(on: tape) else { return x }
    return stochasticDepth(finished(x, on: tape), rate: rate, stream: stream, on: tape)
  }
}
