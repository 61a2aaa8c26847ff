import Evaluation
import Files
import Recipes
package import Runs

/// Many labels that models contradict which weren't trained on their photos: confident learning (`LabelDoubts`).
package struct DoubtfulLabels: Illness {
  package static let name = "doubtful-labels"

  package let doubtful: Int
  package let photos: Int
  /// The class whose labels are contradicted most often.
  package let label: String
  package let severity: Severity
  package let changes: [Change]

  /// What a model gets wrong is doubted as well, so some doubt is in every run (docs/log.md).
  private static let minorShare = 0.1
  private static let seriousShare = 0.2

  package init?(_ record: RunRecord) {
    guard let photos = record.predictions?.predictions, photos.labels.count >= 20 else {
      return nil
    }
    let doubts = LabelDoubts(photos).doubtful
    let share = Double(doubts.count) / Double(photos.labels.count)
    guard share > Self.minorShare else { return nil }
    doubtful = doubts.count
    self.photos = photos.labels.count
    let counts = Dictionary(grouping: doubts) { photos.labels[$0.row] }.mapValues(\.count)
    let worst = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    label = photos.classes[worst]
    severity = share > Self.seriousShare ? .serious : .minor
    changes = [
      .command(
        "tutti data doubts \(Paths.shellQuoted(record.table ?? record.path)) --photos "
          + "\(Paths.shellQuoted(record.recipe.data.path)) --html doubts.html")
    ]
  }

  private enum CodingKeys: CodingKey { case doubtful, photos, label }
}
