/// A loss over a batch, as sums over its samples: who has all of a step's sums divides, once.
package struct LossSums: Equatable, Sendable {
  /// Σ weight · loss.
  package var loss: Double = 0
  /// Σ weight.
  package var weight: Double = 0
  /// Samples whose largest logit (the first of equals) is the label's, each counted once whatever its weight.
  /// Of a sample with two labels the one with the larger share counts, and of equal shares the first; of a
  /// soft label the class with the largest share, the first of equals. Of several labels all must be right.
  package var correct: Int = 0

  package init() {}
}
