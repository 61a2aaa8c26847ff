package import Datasets
package import EpochRules
import Evaluation
package import NeuralNetworks
package import Optimizers
package import Tensors

/// How to train: everything that a recipe says of it, as values.
package struct TrainingSettings: Sendable {
  package var epochs: Int
  /// Ends the training early; the schedule's length stays that of `epochs`.
  package var maxSteps: Int?
  package var globalBatch: Int
  package var microBatch: Int
  package var seed: UInt64
  /// Nil: photos aren't mixed.
  package var mixing: Mixing?
  package var loss: any Loss
  package var optimizer: any Optimizer
  /// The schedule's peak.
  package var learningRate: Double
  package var schedule: any Schedule
  package var clipping: GradientClipping
  package var onNonFinite: NonFinitePolicy
  /// What a step's batch statistics count in the new running statistics.
  package var batchNormMomentum: Double
  package var precision: Precision
  /// Nil: losses aren't scaled.
  package var lossScaling: LossScaling?
  package var recompute: RecomputePolicy
  /// Nil: none is kept.
  package var average: (any WeightAverage)?
  /// Of the weights that are validated, those that rules look at.
  package var deciding: WeightsRole
  package var fineTuning: FineTuning
  package var evaluationMicroBatch: Int
  /// Of each class, from which probability on a photo has it, where it may have several; nil where it has one.
  package var thresholds: [Double]?
  /// Applied in this order at each epoch's end.
  package var epochRules: [any EpochRule]
  package var checkpointSteps: Int?
  package var checkpointMinutes: Int?
  /// Checkpoints to keep besides the best.
  package var keptCheckpoints: Int

  package init(
    epochs: Int, maxSteps: Int? = nil, globalBatch: Int, microBatch: Int, seed: UInt64,
    mixing: Mixing? = nil, loss: any Loss, optimizer: any Optimizer, learningRate: Double,
    schedule: any Schedule, clipping: GradientClipping, onNonFinite: NonFinitePolicy = .stop,
    batchNormMomentum: Double = BatchNorm.momentum, precision: Precision = .fp32,
    lossScaling: LossScaling? = nil, recompute: RecomputePolicy = .auto,
    average: (any WeightAverage)? = nil,
    deciding: WeightsRole = .averaged, fineTuning: FineTuning = FineTuning(),
    evaluationMicroBatch: Int, thresholds: [Double]? = nil,
    epochRules: [any EpochRule], checkpointSteps: Int? = nil,
    checkpointMinutes: Int? = nil, keptCheckpoints: Int = 3
  ) {
    self.epochs = epochs
    self.maxSteps = maxSteps
    self.globalBatch = globalBatch
    self.microBatch = microBatch
    self.seed = seed
    self.mixing = mixing
    self.loss = loss
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipping = clipping
    self.onNonFinite = onNonFinite
    self.batchNormMomentum = batchNormMomentum
    self.precision = precision
    self.lossScaling = lossScaling
    self.recompute = recompute
    self.average = average
    self.deciding = deciding
    self.fineTuning = fineTuning
    self.evaluationMicroBatch = evaluationMicroBatch
    self.thresholds = thresholds
    self.epochRules = epochRules
    self.checkpointSteps = checkpointSteps
    self.checkpointMinutes = checkpointMinutes
    self.keptCheckpoints = keptCheckpoints
  }

  /// What the best epoch is chosen by; nil when none is.
  var selectBy: Metric? { epochRules.lazy.compactMap { ($0 as? BestEpoch)?.metric }.first }

  /// What the epochs give: the schedule's length.
  func length(of plan: StepPlan) -> TrainingLength {
    TrainingLength(steps: epochs * plan.stepsPerEpoch, stepsPerEpoch: plan.stepsPerEpoch)
  }

  /// Steps after which the training ends.
  package func lastStep(of plan: StepPlan) -> Int {
    min(length(of: plan).steps, maxSteps ?? .max)
  }
}
