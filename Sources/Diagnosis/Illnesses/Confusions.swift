import Evaluation
package import Runs

/// Pairs of classes of which one is often taken for the other.
package struct Confusions: Illness {
  package static let name = "confusions"

  package struct Pair: Encodable, Equatable, Sendable {
    package let label: String
    package let predicted: String
    package let photos: Int
    /// Of the label's photos.
    package let share: Double
  }

  /// The most frequent first.
  package let pairs: [Pair]
  package let severity = Severity.minor
  package let changes: [Change]

  /// Of the label's photos: as many are lost to one other class that recall can't be above 0.75.
  private static let share = 0.25
  /// Fewer photos than that may be chance.
  private static let least = 5
  private static let most = 5

  package init?(_ record: RunRecord) {
    guard let matrix = record.scores?.matrix else { return nil }
    let found = matrix.triples.filter { triple in
      let (label, predicted, photos) = (triple[0], triple[1], triple[2])
      return label != predicted && photos >= Self.least
        && Double(photos) >= Self.share * Double(matrix.support[label])
    }.sorted { ($1[2], $0[0], $0[1]) < ($0[2], $1[0], $1[1]) }
    guard !found.isEmpty else { return nil }
    pairs = found.prefix(Self.most).map { triple in
      Pair(
        label: matrix.classes[triple[0]], predicted: matrix.classes[triple[1]], photos: triple[2],
        share: Double(triple[2]) / Double(matrix.support[triple[0]]))
    }
    changes = [
      .advice(
        "look at photos of \(pairs[0].label) and \(pairs[0].predicted): where people can't tell them apart, neither can a "
          + "model")
    ]
  }

  private enum CodingKeys: CodingKey { case pairs }
}
