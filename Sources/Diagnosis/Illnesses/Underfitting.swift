import Recipes
import Evaluation
package import Runs

/// A model that knows not even its own photos, though it learns.
package struct Underfitting: Illness {
  package static let name = "underfitting"

  package let trainingAccuracy: Double
  package let accuracy: Double
  /// What the last epoch took off the mean training loss, of what it was before; nil for one epoch.
  package let lastFall: Double?
  package let severity: Severity
  package let changes: [Change]

  /// Both accuracies are below.
  private static let low = 0.8
  /// Of the loss, in the last epoch: more epochs would go on.
  private static let falling = 0.03

  package init?(_ training: RunRecord.Training) {
    guard let own = training.trainingAccuracy, let scores = training.scores,
      own < Self.low, scores[.accuracy] < Self.low, training.isAtChance == false,
      Overfitting(training) == nil, LearningRateTooHigh(training) == nil,
      LearningRateTooLow(training) == nil
    else { return nil }
    trainingAccuracy = own
    accuracy = scores[.accuracy]
    let losses = training.metrics.epochs.compactMap(\.trainingLoss)
    lastFall =
      losses.count > 1 ? 1 - losses[losses.count - 1] / losses[losses.count - 2] : nil
    severity = .serious
    let recipe = training.recipe
    let isFalling = lastFall.map { $0 > Self.falling } ?? true
    let longer = Change.set("training.epochs=\(2 * recipe.training.epochs)")
    changes =
      (recipe.model.weights == nil
        ? [.advice("begin with weights of ImageNet (model.weights): see docs/weights.md")] : [])
      + (isFalling ? [longer] : [])
      + (recipe.model.imageSize < 224
        ? [.set("model.image-size=\(recipe.model.imageSize < 160 ? 160 : 224)")] : [])
      + (isFalling ? [] : [training.learningRate(times: 3), longer])
  }

  private enum CodingKeys: String, CodingKey {
    case accuracy
    case trainingAccuracy = "training_accuracy"
    case lastFall = "last_fall"
  }
}
