import Optimizers

/// Why a training can't go on.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A gradient, statistic or loss that isn't finite.
  case notFinite(NonFiniteStep)
  /// The last of more such steps in a row than are passed over.
  case neverFinite(NonFiniteStep)
  /// Running statistics that were made anew for other weights or photos.
  case statisticsNotFinite(what: String)

  package var description: String {
    switch self {
    case .notFinite(let step):
      "\(step); the step was not applied. Start a new run with a lower optimizer.learning-rate or "
        + "optimizer.clip-norm, which may begin with an earlier checkpoint's weights (model.weights); or go on in a "
        + "fork (--fork NEW) without such steps, by training.on-non-finite=skip"
    case .neverFinite(let step):
      "\(step), as it was in \(NonFinitePolicy.mostInARow) steps before it, which were passed over; no step since "
        + "then was applied. Start a new run with a lower optimizer.learning-rate or optimizer.clip-norm, which may "
        + "begin with an earlier checkpoint's weights (model.weights)"
    case .statisticsNotFinite(let what):
      "the running statistics \(what) come out not finite when they are made anew; the weights are too "
        + "large for these photos: train with a lower optimizer.learning-rate"
    }
  }
}
