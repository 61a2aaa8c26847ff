import Evaluation
package import Runs

/// Labels that say nothing of the photos: shuffled, or of other photos. What is learned of them holds for no others.
package struct MeaninglessLabels: Illness {
  package static let name = "meaningless-labels"

  package let accuracy: Double
  /// What comes of how often classes occur and are said.
  package let chance: Double
  package let trainingAccuracy: Double?
  package let firstLoss: Double
  package let lastLoss: Double
  package let severity = Severity.critical
  package let changes: [Change]

  package init?(_ training: RunRecord.Training) {
    guard training.isAtChance == true, !training.hasOneLargeClass,
      let course = TrainingCourse(training),
      let accuracy = training.lastScores?[.accuracy], let chance = training.chance,
      LearningRateTooHigh(training) == nil, LearningRateTooLow(training) == nil
    else { return nil }
    self.accuracy = accuracy
    self.chance = chance
    trainingAccuracy = training.trainingAccuracy
    (firstLoss, lastLoss) = (course.firstLoss, course.lastLoss)
    changes = [
      .command("tutti data preview \(training.shownPhotos) --out preview"),
      .advice("look whether the labels belong to these photos: a manifest's lines may have moved"),
    ]
  }

  private enum CodingKeys: String, CodingKey {
    case accuracy, chance
    case trainingAccuracy = "training_accuracy"
    case firstLoss = "first_loss"
    case lastLoss = "last_loss"
  }
}
