package import Evaluation

/// What is looked at when an epoch has ended, such as whether it is the best so far: data and one pure
/// function. Every rank computes it from the same numbers, and so decides the same.
///
/// Rules are applied in the order of their list. What a rule remembers from epoch to epoch is kept
/// under its name in `state.json`, so that a training that was stopped goes on with it.
package protocol EpochRule: Sendable {
  /// The key of its memory.
  static var name: String { get }

  /// - Parameter memory: what it left at the last epoch's end; empty at first.
  func epochEnded(_ epoch: EndedEpoch, memory: inout [String: Double]) -> EpochDecision
}

/// What rules are functions of.
package struct EndedEpoch: Sendable {
  /// From 0.
  package let epoch: Int
  /// Steps that were taken, all in all.
  package let step: Int
  /// Means over the epoch's samples, as they were trained on; nil where none has counted.
  package let trainingLoss: Double?
  package let trainingAccuracy: Double?
  /// Nil without validation photos.
  package let validation: Scores?

  package init(
    epoch: Int, step: Int, trainingLoss: Double?, trainingAccuracy: Double?, validation: Scores?
  ) {
    self.epoch = epoch
    self.step = step
    self.trainingLoss = trainingLoss
    self.trainingAccuracy = trainingAccuracy
    self.validation = validation
  }
}

/// What follows from an epoch's end. A rule sets what it decides, and leaves the rest; another kind of
/// decision is a property here, and takes effect in `Trainer.endEpoch`.
package struct EpochDecision: Equatable, Sendable {
  /// The epoch's checkpoint is the best so far, and is kept.
  package var isBest: Bool
  /// What the schedule's learning rate is multiplied by from here on; nil: as before.
  package var learningRateFactor: Double?
  /// Why this was the last epoch; nil: it wasn't.
  package var stop: EarlyStop?

  package init(
    isBest: Bool = false, learningRateFactor: Double? = nil, stop: EarlyStop? = nil
  ) {
    self.isBest = isBest
    self.learningRateFactor = learningRateFactor
    self.stop = stop
  }

  /// Of two rules: what either of them decides.
  package mutating func add(_ other: EpochDecision) {
    isBest = isBest || other.isBest
    learningRateFactor = other.learningRateFactor ?? learningRateFactor
    stop = stop ?? other.stop
  }
}
