/// Photos in the order of doubt about their labels.
///
/// A label is doubtful when the confident joint says that so many photos with it are of another class, and
/// the photo is among those that speak most for that: pruning by noise rate, section 3.2 of the paper
/// (`ConfidentJoint`). Whatever is predicted to be what it is labelled isn't doubtful.
package struct LabelDoubts: Sendable {
  package struct Photo: Equatable, Sendable {
    /// In the predictions.
    package let row: Int
    /// The most probable class but for the label.
    package let suggestion: Int
    package let isDoubtful: Bool
    /// The label's probability.
    package let confidence: Double
  }

  package let joint: ConfidentJoint
  /// All, with the least confidence first: that ranks better than its distance from the suggestion's, and than
  /// the doubtful ones before all others (docs/log.md).
  package let photos: [Photo]
  /// Of the same order.
  package var doubtful: [Photo] { photos.filter(\.isDoubtful) }

  package init(_ predictions: Predictions) {
    let joint = ConfidentJoint(predictions)
    let doubtful = Self.rows(predictions, joint)
    photos = predictions.labels.indices.map { row in
      let (label, own) = (predictions.labels[row], Array(predictions[row]))
      let others = own.indices.filter { $0 != label }
      let suggestion = others.max { (own[$0], $1) < (own[$1], $0) } ?? label
      return Photo(
        row: row, suggestion: suggestion, isDoubtful: doubtful.contains(row),
        confidence: own[label])
    }.sorted { ($0.confidence, $0.row) < ($1.confidence, $1.row) }
    self.joint = joint
  }

  private static func rows(_ predictions: Predictions, _ joint: ConfidentJoint) -> Set<Int> {
    var doubtful: Set<Int> = []
    let rows = Dictionary(grouping: predictions.labels.indices) { predictions.labels[$0] }
    for (label, rows) in rows {
      for (other, count) in joint.counts[label].enumerated() where other != label && count > 0 {
        func margin(_ row: Int) -> Double {
          let own = predictions[row]
          return own[own.startIndex + other] - own[own.startIndex + label]
        }
        doubtful.formUnion(rows.sorted { (margin($1), $0) < (margin($0), $1) }.prefix(count))
      }
    }
    return doubtful.filter { predictions.predicted($0) != predictions.labels[$0] }
  }
}
