package import Datasets
package import Evaluation
package import NeuralNetworks
package import Optimizers

/// What makes one checkpoint better than another, on the validation photos.
package enum SelectionMetric: String, CaseIterable, Sendable {
  case macroF1 = "macro-f1"
  case accuracy
  case balancedAccuracy = "balanced-accuracy"
  case loss

  package func value(_ scores: Scores) -> Double {
    switch self {
    case .macroF1: scores.macroF1
    case .accuracy: scores.accuracy
    case .balancedAccuracy: scores.balancedAccuracy
    case .loss: scores.loss
    }
  }

  /// Whether `new` is strictly better, so that of equals the first stays. No number is worse than any.
  package func prefers(_ new: Double, to old: Double) -> Bool {
    if new.isNaN || old.isNaN { return !new.isNaN }
    return self == .loss ? new < old : new > old
  }
}

/// How to train: everything that a recipe says of it, as values.
package struct TrainingSettings: Sendable {
  package var epochs: Int
  /// Ends the training early; the schedule's length stays that of `epochs`.
  package var maxSteps: Int?
  package var globalBatch: Int
  package var microBatch: Int
  package var seed: UInt64
  package var loss: any Loss
  package var optimizer: any Optimizer
  /// The schedule's peak.
  package var learningRate: Double
  package var schedule: any Schedule
  package var clipping: GradientClipping
  package var fineTuning: FineTuning
  package var evaluationMicroBatch: Int
  package var selection: SelectionMetric
  package var checkpointSteps: Int?
  package var checkpointMinutes: Int?
  /// Checkpoints to keep besides the best.
  package var keptCheckpoints: Int

  package init(
    epochs: Int, maxSteps: Int? = nil, globalBatch: Int, microBatch: Int, seed: UInt64,
    loss: any Loss, optimizer: any Optimizer, learningRate: Double,
    schedule: any Schedule, clipping: GradientClipping, fineTuning: FineTuning = FineTuning(),
    evaluationMicroBatch: Int,
    selection: SelectionMetric = .macroF1, checkpointSteps: Int? = nil,
    checkpointMinutes: Int? = nil, keptCheckpoints: Int = 3
  ) {
    self.epochs = epochs
    self.maxSteps = maxSteps
    self.globalBatch = globalBatch
    self.microBatch = microBatch
    self.seed = seed
    self.loss = loss
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipping = clipping
    self.fineTuning = fineTuning
    self.evaluationMicroBatch = evaluationMicroBatch
    self.selection = selection
    self.checkpointSteps = checkpointSteps
    self.checkpointMinutes = checkpointMinutes
    self.keptCheckpoints = keptCheckpoints
  }

  /// Steps that the epochs give: the schedule's length.
  func totalSteps(of plan: StepPlan) -> Int { epochs * plan.stepsPerEpoch }

  /// Steps after which the training ends.
  package func lastStep(of plan: StepPlan) -> Int {
    min(totalSteps(of: plan), maxSteps ?? .max)
  }
}
