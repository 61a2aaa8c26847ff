package import EpochRules
package import Evaluation

/// What is known when a training begins or goes on.
package struct StartReport: Sendable {
  package let step: Int
  package let totalSteps: Int
  /// Where `max-steps` ends the training, or `totalSteps`.
  package let lastStep: Int
  package let stepsPerEpoch: Int
  package let epochs: Int
  package let trainingPhotos: Int
  /// Of each class, its photos among them; one with several labels counts for each.
  package let classes: [(name: String, photos: Int)]
  package let microBatches: Int
  package let ranks: Int
  package let memory: MemoryPlan
  /// The sides of the photos in pixels, with the epochs, from 0, from which on.
  package let sizes: [(firstEpoch: Int, side: Int)]
}

/// A step that was taken.
package struct StepProgress: Sendable {
  /// Steps taken, this one included.
  package let step: Int
  package let totalSteps: Int
  /// From 0, of the step.
  package let epoch: Int
  package let epochs: Int
  /// Nil where the step's photos have no weight.
  package let loss: Double?
  package let accuracy: Double
  package let learningRate: Double
  package let gradientNorm: Double
  /// What the step's losses were multiplied by for the backward pass; nil where they weren't.
  package let lossScale: Int?
  package let samples: Int
  /// From the end of the step before to the end of this one.
  package let seconds: Double
  /// Steps that this process has taken.
  package let stepsHere: Int
  /// The most memory that tensors of rank 0 have taken so far.
  package let peakTensorBytes: Int

  package var imagesPerSecond: Double { Double(samples) / max(seconds, 1e-9) }
}

/// A step that was taken without being applied, for its numbers weren't finite.
package struct PassedOverStep: Sendable {
  /// Steps taken, this one included.
  package let step: Int
  /// From 0, of the step.
  package let epoch: Int
  /// What wasn't finite, and where.
  package let reason: String
  /// What the learning rate is multiplied by from here on.
  package let learningRateFactor: Double
  /// What the loss is multiplied by from here on, where that is why; nil where it isn't.
  package var lossScale: Int?
}

/// An epoch that has ended.
package struct EpochReport: Sendable {
  package let step: Int
  /// From 0, the epoch that ended.
  package let epoch: Int
  package let epochs: Int
  /// Means over the epoch's samples, as they were trained on. Nil where no step has counted: its photos had no weight,
  /// or its numbers weren't finite.
  package let trainingLoss: Double?
  package let trainingAccuracy: Double?
  /// Whether that is of mixed photos, which count by the label with the larger share.
  package let isMixed: Bool
  /// Of the steps that were applied, those whose gradient was clipped; nil where none is.
  package let clippedShare: Double?
  /// Of the weights as the optimizer has them. Nil without validation photos.
  package let validation: Scores?
  /// Of their average; nil where there is none.
  package let validationOfAverage: Scores?
  /// Those of them that decide.
  package let decidingScores: Scores?
  /// What the weights that decide say of each validation photo; nil for very many photos and classes.
  package let answers: Predictions?
  /// What the best epoch is chosen by; nil when none is.
  package let selectBy: Metric?
  /// What the rules make of it.
  package let decision: EpochDecision
  /// Training samples a second over all ranks, in this process's part of the epoch.
  package let imagesPerSecond: Double
  package let waiting: WaitingReport
  /// Nil for a rank that is alone.
  package let exchange: ExchangeReport?
  package let memory: MemoryReport
  package let validationSeconds: Double
}

/// How much of an epoch's time ranks waited in MPI calls.
package struct ExchangeReport: Sendable {
  /// Of the epoch's time, what the rank waited that waited least: what exchanging takes where nobody is waited for.
  package let share: Double
  /// How much more the rank waited that waited longest: for others, which came later.
  package let shareForRanks: Double

  /// - Parameters:
  ///   - waited: seconds of each rank.
  ///   - seconds: the epoch's.
  package init?(waited: [Double], of seconds: Double) {
    guard waited.count > 1, seconds > 0, let least = waited.min(), let most = waited.max() else {
      return nil
    }
    share = min(least / seconds, 1)
    shareForRanks = min(most / seconds, 1) - share
  }
}

/// How much of an epoch's time the ranks waited for photos, and on what that depends.
package struct WaitingReport: Sendable {
  /// Of the rank that waited longest.
  package let seconds: Double
  /// Of the epoch's time.
  package let share: Double
  /// Of each rank.
  package let loaderThreads: Int
  /// Compute threads of each rank.
  package let threads: Int
  /// Of the photos as they are trained on, in pixels.
  package let side: Int

  package init(seconds: Double, share: Double, loaderThreads: Int, threads: Int, side: Int) {
    self.seconds = seconds
    self.share = share
    self.loaderThreads = loaderThreads
    self.threads = threads
    self.side = side
  }
}
