/// Why a training can't go on.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A gradient, statistic or loss that isn't finite; the step was not applied.
  case notFinite(what: String, step: Int, learningRate: Double)
  /// Running statistics that were made anew for other weights or photos.
  case statisticsNotFinite(what: String)

  package var description: String {
    switch self {
    case .notFinite(let what, let step, let learningRate):
      "the numbers of \(what) are not finite in step \(step) (learning rate \(learningRate)); the "
        + "step was not applied. Start a new run with a lower optimizer.learning-rate or "
        + "optimizer.clip-norm; model.weights can take this run's last weights"
    case .statisticsNotFinite(let what):
      "the running statistics \(what) come out not finite when they are made anew; the weights are too "
        + "large for these photos: train with a lower optimizer.learning-rate"
    }
  }
}
