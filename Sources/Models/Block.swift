import Differentiation

/// A part of a net that training may run again in backward, instead of keeping what it computes inside.
protocol Block {
  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable
}

extension Sequence where Element: Block {
  /// One after the other.
  func callAsFunction(_ x: Variable, on tape: Tape) -> Variable {
    reduce(x) { x, block in tape.block(x) { block($0, on: $1) } }
  }
}
