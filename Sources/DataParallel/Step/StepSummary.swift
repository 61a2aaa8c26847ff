/// What one rank has to say at the end of a step.
package struct StepVotes: Sendable {
  /// A stop signal has come to this rank.
  package var stop: Bool
  /// A checkpoint is due by the clock; rank 0's vote counts.
  package var checkpoint: Bool

  package init(stop: Bool = false, checkpoint: Bool = false) {
    self.stop = stop
    self.checkpoint = checkpoint
  }
}

/// What all ranks know of a step before they update; the same on all of them, bit for bit.
package struct StepSummary: Sendable, Equatable {
  /// Sums over the step's samples.
  package let loss: Double
  package let weight: Double
  package let samples: Double
  package let correct: Double
  /// ‖gradient sum‖ / weight, before any clipping; over the parameters.
  package let gradientNorm: Double
  /// The largest absolute element of the mean gradient, before any clipping; 0 where it wasn't asked for.
  package let largestGradient: Double
  /// Some rank has been asked to stop.
  package let stopRequested: Bool
  package let checkpointDue: Bool
  /// Where the first number is that isn't finite: a parameter, a running statistic, or a sum such
  /// as `loss`. Such a step is not applied.
  package let nonFinite: String?

  /// Whether the weights were updated: not without weight, nor with numbers that aren't finite.
  package var isApplied: Bool { nonFinite == nil && weight != 0 }
}
