package import Tensors

/// A rule that moves the weights against the gradient: hyper-parameters and one pure function.
///
/// A rule works on any range of the flat store, so that each rank can update slices of its own:
/// what becomes of an element doesn't depend on where the range starts or ends. It touches
/// parameters only; statistics in the range are left to `RunningAverage`, and gaps stay zero.
package protocol Optimizer: Sendable {
  /// PyTorch's names of what it remembers of each parameter, e.g. `exp_avg`: keys of checkpoints.
  var momentNames: [String] { get }

  /// How much of the gradient's running mean or sum stays at a step, which a schedule may move.
  var momentum: Double { get set }

  /// One update of the parameters in `range`.
  ///
  /// - Parameters:
  ///   - range: elements of the flat store, all of them in `moments.range`.
  ///   - weights: the weight of the range's first element; overwritten.
  ///   - gradient: the gradient of the range's first element, a sum over samples.
  ///   - moments: updated.
  ///   - step: counts this rule's updates, this one included: 1 at the first.
  ///   - learningRate: the optimizer's peak times the schedule's factor.
  ///   - gradientScale: what makes the gradient a clipped mean, see `GradientClipping.scale`.
  func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, learningRate: Double,
    gradientScale: Float)
}

extension Optimizer {
  /// The same rule with another momentum; nil: its own.
  package func withMomentum(_ momentum: Double?) -> any Optimizer {
    var other = self
    if let momentum { other.momentum = momentum }
    return other
  }
}

extension FlatLayout {
  /// Calls `body` with the elements of each parameter that lie in the range, how far behind its start they
  /// begin, and whether they decay: weights always, biases and the norms' scales and shifts if `decaysVectors`.
  func forEachParameter(
    of range: Range<Int>, decaysVectors: Bool,
    _ body: (_ part: Range<Int>, _ start: Int, _ decays: Bool) -> Void
  ) {
    forEachPart(of: range) { entry, part in
      if entry.kind == .statistic { return }
      body(part, part.lowerBound - range.lowerBound, entry.kind == .weight || decaysVectors)
    }
  }

  /// Calls `body` with each entry that `range` touches and the elements of it that lie in the
  /// range. Gaps between entries are left out.
  func forEachPart(of range: Range<Int>, _ body: (FlatEntry, Range<Int>) -> Void) {
    for entry in entries where entry.offset < range.upperBound {
      let part = entry.range.clamped(to: range)
      if !part.isEmpty { body(entry, part) }
    }
  }
}
