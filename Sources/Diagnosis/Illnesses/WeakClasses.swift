import Recipes
package import Evaluation
import Files
package import Runs

/// Classes that are recognised badly: F1 below 0.6.
package struct WeakClasses: Illness {
  package static let name = "weak-classes"

  package struct OneClass: Encodable, Equatable, Sendable {
    package let name: String
    package let f1: Double
    package let interval: Interval
    package let precision: Double
    package let recall: Double
    /// To validate.
    package let photos: Int
    /// The class that its photos are most often taken for, and how many are; nil where none is.
    package let takenFor: String?
    package let timesTaken: Int?

    private enum CodingKeys: String, CodingKey {
      case name, f1, interval, precision, recall, photos
      case takenFor = "taken_for"
      case timesTaken = "times_taken"
    }
  }

  /// The weakest first.
  package let classes: [OneClass]
  /// Those whose photos would help most, the first first.
  package let collect: [String]
  package let severity: Severity
  package let changes: [Change]

  private static let weak = 0.6

  package init?(_ record: RunRecord) {
    guard let scores = record.scores else { return nil }
    let found = scores.perClass.enumerated().filter {
      $0.element.support > 0 && $0.element.f1 < Self.weak
    }.sorted { ($0.element.f1, $0.offset) < ($1.element.f1, $1.offset) }
    guard !found.isEmpty else { return nil }
    classes = found.map { OneClass($0.element, label: $0.offset, scores.matrix) }
    // Some are below by chance alone.
    severity = classes.contains { $0.interval.upper < Self.weak } ? .serious : .minor
    collect = Self.ranked(found.map(\.element), record)
    let rare = found.map(\.element).filter { score in
      record.trainingPhotos(of: score.name).map { $0.own * 2 < $0.usual } ?? false
    }
    changes =
      [.advice("collect photos of \(collect.prefix(3).joined(separator: ", "))")]
      + (rare.isEmpty || record.recipe.correctsClasses || record.recipe.data.hasSeveralLabels
        ? [] : [.set("loss.class-weights=square-root")])
  }

  /// By what another photo of the class is worth: errors fall as a power of the number of photos (Hestness et al.,
  /// [arXiv:1712.00409](https://arxiv.org/abs/1712.00409)), so by about error / photos for each.
  private static func ranked(_ scores: [ClassScores], _ record: RunRecord) -> [String] {
    scores.map { score in
      let photos = record.trainingPhotos(of: score.name)?.own ?? score.support
      return (name: score.name, worth: (1 - score.f1) / Double(max(photos, 1)))
    }.sorted { ($1.worth, $0.name) < ($0.worth, $1.name) }.map(\.name)
  }

  private enum CodingKeys: CodingKey { case classes, collect }
}

extension WeakClasses.OneClass {
  fileprivate init(_ score: ClassScores, label: Int, _ matrix: ConfusionMatrix?) {
    name = score.name
    f1 = score.f1
    precision = score.precision
    recall = score.recall
    photos = score.support
    // With several labels a photo the scores alone are known: what was predicted follows from the precision.
    let share = min(max(score.recall, 0), 1)
    let hits = matrix?[label, label] ?? Int((share * Double(score.support)).rounded())
    let predicted =
      matrix?.predicted[label]
      ?? (score.precision > 1e-9 ? Int(min(Double(hits) / score.precision, 1e9)) : 0)
    interval = Interval.ofF1(hits: hits, support: score.support, predicted: max(predicted, hits))
    let other = matrix.flatMap { matrix in
      matrix.classes.indices.filter { $0 != label && matrix[label, $0] > 0 }
        .max { (matrix[label, $0], $1) < (matrix[label, $1], $0) }
    }
    takenFor = other.flatMap { matrix?.classes[$0] }
    timesTaken = other.flatMap { matrix?[label, $0] }
  }
}

extension RunRecord {
  /// The photos of a class that a training has, and the classes' median; nil where that wasn't noted.
  func trainingPhotos(of name: String) -> (own: Int, usual: Int)? {
    guard let all = trainings.first?.metrics.starts.last?.classes,
      let own = all.first(where: { $0.name == name })
    else { return nil }
    return (own.photos, all.map(\.photos).sorted()[all.count / 2])
  }

  /// The recipe's file, as a command takes it.
  var shownRecipe: String { Paths.shellQuoted("\(path)/recipe.yaml") }
}
