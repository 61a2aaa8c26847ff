import Files
import Recipes
package import Runs

/// Steps that were too short: the loss has hardly fallen, and the gradient is what it was.
package struct LearningRateTooLow: Illness {
  package static let name = "learning-rate-too-low"

  package let learningRate: Double
  package let firstLoss: Double
  package let lastLoss: Double
  /// The largest of the gradient's median norms in twentieths of the steps over the least.
  package let normSpread: Double
  package let severity: Severity
  package let changes: [Change]

  /// Of the first loss.
  private static let fall = 0.2
  /// Where weights move, the gradient changes by several times, also where labels let the loss fall no further.
  private static let normSpread = 1.8

  package init?(_ training: RunRecord.Training) {
    guard let course = TrainingCourse(training), LearningRateTooHigh(training) == nil,
      course.lastLoss > (1 - Self.fall) * course.firstLoss
    else { return nil }
    let spread = (course.norms.max() ?? .infinity) / max(course.norms.min() ?? 0, 1e-12)
    guard spread < Self.normSpread else { return nil }
    learningRate = training.recipe.peakLearningRate
    (firstLoss, lastLoss, normSpread) = (course.firstLoss, course.lastLoss, spread)
    severity = training.isAtChance == false ? .serious : .critical
    changes = [training.learningRate(times: 30), training.findsLearningRate]
  }

  private enum CodingKeys: String, CodingKey {
    case learningRate = "learning_rate"
    case firstLoss = "first_loss"
    case lastLoss = "last_loss"
    case normSpread = "norm_spread"
  }
}

extension RunRecord.Training {
  var findsLearningRate: Change {
    .command("tutti lr-find --recipe \(Paths.shellQuoted("\(path)/recipe.yaml"))")
  }

  /// As a command takes it.
  var shownPhotos: String { Paths.shellQuoted(recipe.data.path) }
}
