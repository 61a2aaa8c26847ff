/// What is left, and how good it is, when photos whose most probable class is less probable than a
/// threshold are told to be none of these.
package struct Rejection: Encodable, Equatable, Sendable {
  package let threshold: Double
  /// The share of the photos that are not rejected.
  package let coverage: Double
  /// Of those; nil when there are none.
  package let accuracy: Double?

  package init(_ predictions: Predictions, below threshold: Double) {
    let kept = predictions.labels.indices.filter {
      !predictions.isRejected($0, below: threshold)
    }
    let right = kept.filter { predictions.predicted($0) == predictions.labels[$0] }
    self.threshold = threshold
    coverage = Double(kept.count) / Double(max(1, predictions.labels.count))
    accuracy = kept.isEmpty ? nil : Double(right.count) / Double(kept.count)
  }
}
