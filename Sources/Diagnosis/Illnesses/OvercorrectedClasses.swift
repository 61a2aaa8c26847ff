import Evaluation
import Recipes
package import Runs

/// Classes that are said too often, since the training makes up for their being rare.
package struct OvercorrectedClasses: Illness {
  package static let name = "over-corrected-classes"

  package struct OneClass: Encodable, Equatable, Sendable {
    package let name: String
    package let recall: Double
    package let precision: Double
    package let photos: Int
  }

  /// Those whose recall is farthest above their precision first.
  package let classes: [OneClass]
  /// The keys of the recipe that make up for unequal classes.
  package let corrections: [String]
  package let severity = Severity.serious
  package let changes: [Change]

  /// How far recall must be above precision, beside the intervals that must not meet.
  private static let gap = 0.2

  package init?(_ record: RunRecord) {
    let corrections = record.recipe.corrections
    guard !corrections.isEmpty, let matrix = record.scores?.matrix else { return nil }
    let found = matrix.perClass.enumerated().filter { label, score in
      let hits = matrix[label, label]
      return score.recall - score.precision >= Self.gap
        && Interval.ofShare(hits, of: matrix.support[label]).lower
          > Interval.ofShare(hits, of: matrix.predicted[label]).upper
    }.map(\.element).sorted { ($1.recall - $1.precision) < ($0.recall - $0.precision) }
    guard !found.isEmpty else { return nil }
    classes = found.map {
      OneClass(
        name: $0.name, recall: $0.recall, precision: $0.precision, photos: $0.support)
    }
    self.corrections = corrections.map(\.key)
    changes =
      corrections.count > 1
      ? corrections.dropFirst().map { .set("\($0.key)=\($0.off)") }
      : corrections.map { .set("\($0.key)=\($0.weaker ?? $0.off)") }
  }

  private enum CodingKeys: CodingKey { case classes, corrections }
}

extension Recipe {
  /// What makes up for classes of unequal size: the key, what turns it off and what weakens it.
  var corrections: [(key: String, off: String, weaker: String?)] {
    var all: [(key: String, off: String, weaker: String?)] = []
    func weaker(_ key: String) -> String? {
      self[key]?.value == "square-root" ? nil : "square-root"
    }
    if data.sampling != nil { all.append(("data.sampling", "none", weaker("data.sampling"))) }
    if loss.classWeights != nil {
      all.append(("loss.class-weights", "none", weaker("loss.class-weights")))
    }
    if loss.logitAdjustment > 0 {
      let half = RunRecord.Training.rounded(loss.logitAdjustment / 2)
      all.append(("loss.logit-adjustment", "0", "\(half)"))
    }
    return all
  }

  var correctsClasses: Bool { !corrections.isEmpty }
}
