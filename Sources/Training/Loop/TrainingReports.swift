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
  package let microBatches: Int
  package let ranks: Int
  /// Bytes that the largest rank holds for gradients, weights and optimiser state; activations come
  /// on top.
  package let stateBytes: Int
  /// Bytes of the micro-batches that each rank loads ahead.
  package let bytesAhead: Int
}

/// A step that was taken.
package struct StepProgress: Sendable {
  /// Steps taken, this one included.
  package let step: Int
  package let totalSteps: Int
  /// From 0, of the step.
  package let epoch: Int
  package let epochs: Int
  package let loss: Double
  package let accuracy: Double
  package let learningRate: Double
  package let gradientNorm: Double
  package let samples: Int
  /// From the end of the step before to the end of this one.
  package let seconds: Double
  /// Steps that this process has taken.
  package let stepsHere: Int
  /// The most memory that tensors of rank 0 have taken so far.
  package let peakTensorBytes: Int
}

/// An epoch that has ended.
package struct EpochReport: Sendable {
  package let step: Int
  /// From 0, the epoch that ended.
  package let epoch: Int
  package let epochs: Int
  /// Means over the epoch's samples, as they were trained on.
  package let trainingLoss: Double
  package let trainingAccuracy: Double
  /// Whether that is of mixed photos, which count by the label with the larger share.
  package let isMixed: Bool
  /// Nil without validation photos.
  package let validation: Scores?
  /// What the best epoch is chosen by; nil when none is.
  package let selectBy: Metric?
  package let isBest: Bool
  /// Training samples a second over all ranks, in this process's part of the epoch.
  package let imagesPerSecond: Double
  package let validationSeconds: Double
}
