/// Takes times of a rank's clock for times of rank 0's, by offsets that were measured twice: clocks also run at
/// different speeds, by some microseconds a second, so in between the offset is taken to change evenly.
package struct ClockAlignment: Equatable, Sendable {
  package let first: ClockOffset
  package let last: ClockOffset

  package init(from first: ClockOffset, to last: ClockOffset) {
    self.first = first
    self.last = last
  }

  /// By rank 0's clock, in nanoseconds.
  ///
  /// - Parameter time: by the rank's clock.
  package func onFirstRank(_ time: Int64) -> Int64 {
    guard last.time > first.time else { return time + first.offset }
    let share = Double(time - first.time) / Double(last.time - first.time)
    return time + first.offset + Int64((Double(last.offset - first.offset) * share).rounded())
  }

  /// Nanoseconds by which times are wrong at most, as far as the clocks run evenly.
  package var uncertainty: Int64 { max(first.uncertainty, last.uncertainty) }
}
