import Recipes
import Evaluation
package import Runs

/// Ranks that compute nothing while photos are loaded.
package struct WaitingForPhotos: Illness {
  package static let name = "waiting-for-photos"

  /// Of the time of the epochs, the first left out where there are others: caches are cold then.
  package let share: Double
  package let imagesPerSecond: Double
  package let severity: Severity
  package let changes: [Change]

  /// A fifth of the time, and half of it.
  private static let (minorShare, seriousShare) = (0.2, 0.5)
  /// Seconds that are worth a word.
  private static let leastSeconds = 1.0

  package init?(_ training: RunRecord.Training) {
    let epochs = training.metrics.warmEpochs
    let share = TrainingCourse.mean(epochs.map(\.waitedShare))
    guard share > Self.minorShare, share * training.metrics.seconds(of: epochs) > Self.leastSeconds
    else { return nil }
    self.share = share
    imagesPerSecond = TrainingCourse.mean(epochs.map(\.imagesPerSecond))
    severity = share > Self.seriousShare ? .serious : .minor
    let threads = training.recipe.data.loaderThreads
    changes =
      (threads == nil ? [] : [.set("data.loader-threads=auto")])
      + [
        .command(
          "tutti data pack \(training.shownPhotos) photos.pack --shorter-side \(training.recipe.model.imageSize * 8 / 7)"
        ),
        .command("tutti bench loader --data \(training.shownPhotos)"),
      ]
  }

  private enum CodingKeys: String, CodingKey {
    case share
    case imagesPerSecond = "images_per_second"
  }
}

extension MetricsRecord {
  /// But for the first, where there are others.
  var warmEpochs: [Epoch] { epochs.count > 1 ? Array(epochs.dropFirst()) : epochs }

  /// What the steps of these epochs took.
  func seconds(of epochs: [Epoch]) -> Double {
    let wanted = Set(epochs.map(\.epoch))
    return steps.reduce(0) { $0 + (wanted.contains($1.epoch) ? $1.seconds : 0) }
  }
}
