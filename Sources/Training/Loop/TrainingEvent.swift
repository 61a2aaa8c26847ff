package import Evaluation

/// What happens in a training, for those who show or write it. Sent on the first rank alone.
package enum TrainingEvent: Sendable {
  /// A training begins or goes on after `step` steps.
  case started(StartReport)
  /// Before the first step, by weights that know the classes already.
  case validatedStart(Scores)
  case step(StepProgress)
  /// A step wasn't finite, and the training goes on all the same.
  case passedOver(PassedOverStep)
  case epoch(EpochReport)
  /// A checkpoint is about to be written: what it will know of has to be on the disk first.
  case saving
  /// A checkpoint has its name.
  case checkpoint(path: String, step: Int, isBest: Bool)
  /// The steps that were to be traced are over.
  case traced(TrainingTrace)
}

/// Shows or writes events. An error ends the run.
package protocol TrainingObserver: AnyObject {
  func observe(_ event: TrainingEvent) throws
}
