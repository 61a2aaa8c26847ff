import Evaluation
import Recipes
package import Runs

/// Steps that were too long: the loss rose above where it began, for good or for a while, or weights were thrown where
/// the validation photos' loss was several times that of knowing nothing.
package struct LearningRateTooHigh: Illness {
  package static let name = "learning-rate-too-high"

  package let learningRate: Double
  /// Before anything was learned.
  package let firstLoss: Double
  /// The largest of the medians of twentieths of the steps.
  package let peakLoss: Double
  package let lastLoss: Double
  /// The largest loss of the validation photos after an epoch; nil without any.
  package let worstValidationLoss: Double?
  /// The largest median norm of the gradient, as a multiple of the first.
  package let normGrowth: Double
  /// Nil where gradients aren't clipped.
  package let clippedShare: Double?
  package let severity: Severity
  package let changes: [Change]

  /// A warm-up or a late unfreezing makes a loss rise by less.
  private static let rise = 1.5
  /// The validation loss as a multiple of the loss of knowing nothing. Overfitting makes it less than three.
  private static let thrown = 5.0

  package init?(_ training: RunRecord.Training) {
    guard let course = TrainingCourse(training), let peak = course.losses.max() else { return nil }
    let diverged = !(course.lastLoss <= 1.1 * course.firstLoss)
    let validation = training.metrics.epochs.compactMap { training.scores(after: $0)?[.loss] }
    worstValidationLoss = validation.map { $0.isNaN ? .infinity : $0 }.max()
    let isThrown =
      worstValidationLoss.flatMap { worst in
        training.lossOfKnowingNothing.map { worst > Self.thrown * $0 }
      } ?? false
    guard diverged || isThrown || peak > Self.rise * course.firstLoss else { return nil }
    learningRate = training.recipe.peakLearningRate
    firstLoss = course.firstLoss
    peakLoss = max(peak, course.lastLoss)
    lastLoss = course.lastLoss
    normGrowth = (course.norms.max() ?? 0) / max(course.norms[0], 1e-12)
    let shares = training.metrics.epochs.compactMap(\.clippedShare)
    clippedShare = shares.isEmpty ? nil : TrainingCourse.mean(shares)
    severity = diverged || training.isAtChance == true ? .critical : .serious
    changes = [
      training.learningRate(times: diverged || training.isAtChance == true ? 0.03 : 0.3),
      training.findsLearningRate,
    ]
  }

  private enum CodingKeys: String, CodingKey {
    case learningRate = "learning_rate"
    case firstLoss = "first_loss"
    case peakLoss = "peak_loss"
    case lastLoss = "last_loss"
    case worstValidationLoss = "worst_validation_loss"
    case normGrowth = "norm_growth"
    case clippedShare = "clipped_share"
  }
}
