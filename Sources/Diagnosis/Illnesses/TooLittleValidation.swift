import Recipes
package import Evaluation
package import Runs

/// So few photos validate that their scores say little.
package struct TooLittleValidation: Illness {
  package static let name = "too-little-validation"

  /// Photos that the models weren't trained on and that scores are of.
  package let photos: Int
  package let accuracy: Double
  /// Of the accuracy: Wilson's.
  package let interval: Interval
  package let severity: Severity
  package let changes: [Change]

  /// Half of the interval: two runs that are 10 points apart can't be told apart then.
  private static let wide = 0.1
  /// Beyond that nothing else that is said of the scores can be trusted.
  private static let useless = 0.15

  package init?(_ record: RunRecord) {
    guard let scores = record.scores else {
      // A training that has seen no epoch's end has no scores yet, nor has a cross-validation before its last fold.
      guard record.trainings.contains(where: { $0.fold == nil && !$0.metrics.epochs.isEmpty })
      else { return nil }
      (photos, accuracy, interval) = (0, .nan, Interval.ofShare(0, of: 0))
      severity = .serious
      changes = [.set("data.validation=0.2")]
      return
    }
    photos = scores.photos
    accuracy = scores[.accuracy]
    interval = Interval.ofAccuracy(scores)
    guard interval.halfWidth > Self.wide else { return nil }
    severity = interval.halfWidth > Self.useless ? .critical : .minor
    let isFolded =
      record.recipe.crossval.fold != nil || record.trainings.contains { $0.fold != nil }
    changes =
      (isFolded ? [] : [.command("tutti crossval --recipe \(record.shownRecipe)")])
      + [
        .advice(
          "collect photos of all classes: a hundred to validate tell ±0.1, four hundred ±0.05")
      ]
  }

  private enum CodingKeys: CodingKey { case photos, accuracy, interval }
}
