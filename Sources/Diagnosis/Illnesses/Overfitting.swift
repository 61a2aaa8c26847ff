import Recipes
import Evaluation
package import Runs

/// A model that knows its own photos and not the others: it is much better on those it is trained on, or gets worse on the
/// others while it gets better on those.
package struct Overfitting: Illness {
  package static let name = "overfitting"

  /// Of the last epoch whose photos weren't mixed.
  package let trainingAccuracy: Double?
  /// Of the validation photos, after the last epoch.
  package let accuracy: Double
  /// The least validation loss, the epoch of it, from 0, and the last one.
  package let leastLoss: Double
  package let leastEpoch: Int
  package let lastLoss: Double
  package let epochs: Int
  package let severity: Severity
  package let changes: [Change]

  /// The training accuracy above the upper end of the validation accuracy's interval.
  private static let gap = 0.2
  /// Of the validation loss, above its least, while the training loss is less than half of it.
  private static let rise = 0.25

  package init?(_ training: RunRecord.Training) {
    let epochs = training.metrics.epochs
    let losses = epochs.compactMap { epoch in
      training.scores(after: epoch).map { (epoch: epoch.epoch, loss: $0[.loss]) }
    }
    guard let last = epochs.last, let scores = training.scores(after: last),
      let least = losses.min(by: { $0.loss < $1.loss })
    else { return nil }
    let upper = Interval.ofAccuracy(scores).upper
    trainingAccuracy = training.trainingAccuracy
    let hasGap = trainingAccuracy.map { $0 - upper > Self.gap } ?? false
    let trainingFell =
      epochs.first { $0.epoch == least.epoch }?.trainingLoss.map {
        $0 > last.trainingLoss ?? .infinity
      }
      ?? false
    let isBelow = last.trainingLoss.map { $0 < scores[.loss] / 2 } ?? false
    let rises = trainingFell && isBelow && scores[.loss] > (1 + Self.rise) * least.loss
    guard hasGap || rises else { return nil }
    accuracy = scores[.accuracy]
    (leastLoss, leastEpoch, lastLoss) = (least.loss, least.epoch, scores[.loss])
    self.epochs = epochs.count
    severity = hasGap && rises ? .serious : .minor
    changes = Self.changes(training, rises ? least.epoch + 1 : nil)
  }

  /// - Parameter epochs: after which the validation loss began to rise.
  private static func changes(_ training: RunRecord.Training, _ epochs: Int?) -> [Change] {
    let recipe = training.recipe
    var changes: [Change] = []
    if recipe.model.weights == nil {
      changes.append(.advice("begin with weights of ImageNet (model.weights): see docs/weights.md"))
    }
    if recipe.mixing == nil { changes.append(.set("mixing.mixup=0.2")) }
    if let epochs { changes.append(.set("training.epochs=\(max(2, epochs))")) }
    if recipe.model.dropout == nil { changes.append(.set("model.dropout=0.3")) }
    return changes + [.advice("collect more photos")]
  }

  private enum CodingKeys: String, CodingKey {
    case accuracy, epochs
    case trainingAccuracy = "training_accuracy"
    case leastLoss = "least_loss"
    case leastEpoch = "least_epoch"
    case lastLoss = "last_loss"
  }
}
