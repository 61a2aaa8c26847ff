import Files

/// Which steps of a training are traced.
package enum TracedSteps: Equatable, Sendable {
  /// So many, after those in which memory is mapped and caches fill; where there are too few, the last ones.
  case count(Int)
  /// By their numbers, as the console and `metrics.jsonl` have them, from 1 on.
  case numbers(ClosedRange<Int>)

  package static let usual = TracedSteps.count(3)
  /// Steps that are left out before.
  static let warmUp = 2

  /// The numbers of the steps.
  ///
  /// - Parameters:
  ///   - step: steps that are taken already.
  ///   - last: the training's last step, after `step`.
  /// - Throws: where none of the steps is still to come.
  package func range(after step: Int, to last: Int) throws(TracedStepsError) -> ClosedRange<Int> {
    switch self {
    case .count(let count):
      let count = min(count, last - step)
      let first = min(step + Self.warmUp + 1, last - count + 1)
      return first...(first + count - 1)
    case .numbers(let numbers):
      let coming = (step + 1)...last
      guard numbers.overlaps(coming) else {
        throw TracedStepsError(asked: numbers, coming: coming)
      }
      return numbers.clamped(to: coming)
    }
  }
}

/// Steps to trace of which none is to come.
package struct TracedStepsError: UnusableInput, Equatable, CustomStringConvertible {
  package let asked: ClosedRange<Int>
  package let coming: ClosedRange<Int>

  package var description: String {
    "--trace-steps \(asked.lowerBound)..\(asked.upperBound): the steps from here on are "
      + "\(coming.lowerBound)..\(coming.upperBound)"
  }
}
