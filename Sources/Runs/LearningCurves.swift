package import Evaluation
import Recipes

/// How a training went, epoch by epoch: its losses, and the metric that chooses between epochs.
package struct LearningCurves: Sendable {
  package struct Epoch: Equatable, Sendable {
    /// From 1, as people count.
    package let number: Int
    /// As it is trained on; nil where no step has counted.
    package let trainingLoss: Double?
    /// Of the validation photos, by the weights that decide; nil without such photos.
    package let validationLoss: Double?
    /// The metric on these photos.
    package let value: Double?
  }

  package let epochs: [Epoch]
  /// What epochs are chosen by; nil where no photos validate.
  package let metric: Metric?
  /// The number of the epoch that was chosen; nil for none.
  package let chosen: Int?

  init(epochs: [Epoch], metric: Metric?, chosen: Int?) {
    (self.epochs, self.metric, self.chosen) = (epochs, metric, chosen)
  }

  /// - Parameter training: of its metrics, the epochs count.
  package init(_ training: RunRecord.Training) {
    let metric = training.recipe.training.selectBy
    let epochs = training.metrics.epochs.map { epoch in
      let scores = training.scores(after: epoch)
      return Epoch(
        number: epoch.epoch + 1, trainingLoss: epoch.trainingLoss,
        validationLoss: scores?[.loss], value: scores?[metric])
    }
    self.init(
      epochs: epochs, metric: epochs.contains { $0.value != nil } ? metric : nil,
      chosen: training.metrics.epochs.last { $0.isBest }.map { $0.epoch + 1 })
  }
}
