/// What all ranks did in some steps of a training; on the first rank.
package struct TrainingTrace: Sendable {
  package let steps: ClosedRange<Int>
  /// In rank order.
  package let ranks: [RankTrace]

  package init(steps: ClosedRange<Int>, ranks: [RankTrace]) {
    self.steps = steps
    self.ranks = ranks
  }
}

/// One rank's part of a trace.
package struct RankTrace: Sendable {
  package let host: String
  /// Nanoseconds that were added to the times of the host's clock, at the end of the trace.
  package let clockOffset: Int64
  /// Nanoseconds by which times are wrong at most.
  package let clockUncertainty: Int64
  /// Trace events in JSON, with commas in between and none at the end.
  package let events: [UInt8]

  package init(host: String, clockOffset: Int64, clockUncertainty: Int64, events: [UInt8]) {
    self.host = host
    self.clockOffset = clockOffset
    self.clockUncertainty = clockUncertainty
    self.events = events
  }
}
