import Recipes
package import Runs

/// Ranks that wait for others, which have more to do or are slower.
package struct WaitingForRanks: Illness {
  package static let name = "waiting-for-ranks"

  /// Of the epochs' time, what the rank waited that waited longest, beyond what exchanging takes.
  package let share: Double
  package let ranks: Int
  package let severity: Severity
  package let changes: [Change]

  private static let (minorShare, seriousShare) = (0.2, 0.5)

  package init?(_ training: RunRecord.Training) {
    let metrics = training.metrics
    let shares = metrics.warmEpochs.compactMap(\.waitedForRanksShare)
    let share = TrainingCourse.mean(shares)
    // Who waits for a rank that waits for photos, waits for photos.
    let waited = TrainingCourse.mean(metrics.warmEpochs.map(\.waitedShare))
    guard share > Self.minorShare, share > waited, let ranks = metrics.starts.last?.ranks else {
      return nil
    }
    self.share = share
    self.ranks = ranks
    severity = share > Self.seriousShare ? .serious : .minor
    let settings = training.recipe.training
    let batches = (settings.globalBatch + settings.microBatch - 1) / settings.microBatch
    if batches % ranks != 0 {
      let rounded = settings.microBatch * ranks * max(1, (batches + ranks / 2) / ranks)
      changes = [.set("training.global-batch=\(rounded)"), .command("tutti doctor")]
    } else {
      changes = [
        .command("tutti doctor"), .advice("leave out the slowest host, or what else runs there"),
      ]
    }
  }

  private enum CodingKeys: CodingKey { case share, ranks }
}

/// Ranks that spend their time on exchanging gradients and weights.
package struct SlowExchange: Illness {
  package static let name = "slow-exchange"

  /// Of the epochs' time, what the rank waited that waited least.
  package let share: Double
  package let ranks: Int
  package let severity = Severity.minor
  package let changes: [Change]

  private static let share = 0.3

  package init?(_ training: RunRecord.Training) {
    let metrics = training.metrics
    let share = TrainingCourse.mean(metrics.warmEpochs.compactMap(\.exchangeShare))
    guard share > Self.share, let ranks = metrics.starts.last?.ranks else { return nil }
    self.share = share
    self.ranks = ranks
    changes = [
      .set("training.global-batch=\(2 * training.recipe.training.globalBatch)"),
      .advice("start fewer ranks, with more threads each"),
    ]
  }

  private enum CodingKeys: CodingKey { case share, ranks }
}
