/// How often a photo of one class was taken for each other.
///
/// Only pairs that occur are kept, so that it takes as much memory as there are photos, and not the
/// square of the classes.
package struct ConfusionMatrix: Equatable, Sendable {
  private struct Pair: Hashable {
    let label, predicted: Int
  }

  package let classes: [String]
  private var counts: [Pair: Int] = [:]
  /// For each class its photos.
  package private(set) var support: [Int]
  /// For each class the photos that were taken for it.
  package private(set) var predicted: [Int]

  package init(classes: [String]) {
    self.classes = classes
    support = classes.map { _ in 0 }
    predicted = support
  }

  /// - Parameter rows: `[label][predicted]`, a square.
  package init(classes: [String], rows: [[Int]]) {
    self.init(classes: classes)
    for (label, row) in rows.enumerated() {
      for (predicted, count) in row.enumerated() {
        add(label: label, predicted: predicted, count: count)
      }
    }
  }

  package mutating func add(label: Int, predicted: Int, count: Int = 1) {
    precondition(
      classes.indices.contains(label) && classes.indices.contains(predicted),
      "label \(label), predicted \(predicted) of \(classes.count) classes")
    guard count > 0 else { return }
    counts[Pair(label: label, predicted: predicted), default: 0] += count
    support[label] += count
    self.predicted[predicted] += count
  }

  /// Adds what is counted of other photos of the same classes.
  package mutating func add(_ other: ConfusionMatrix) {
    for (pair, count) in other.counts {
      add(label: pair.label, predicted: pair.predicted, count: count)
    }
  }

  /// Photos of class `label` that were taken for class `predicted`.
  package subscript(label: Int, predicted: Int) -> Int {
    counts[Pair(label: label, predicted: predicted)] ?? 0
  }

  package var photos: Int { support.reduce(0, +) }

  /// `[label][predicted]`, as scikit-learn has it: the square of the classes.
  package var rows: [[Int]] {
    classes.indices.map { label in classes.indices.map { self[label, $0] } }
  }

  /// What occurs, as `[label, predicted, photos]`, in the order of the labels, then of the predictions.
  package var triples: [[Int]] {
    counts.map { [$0.label, $0.predicted, $1] }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }

  /// The class with the largest score (logit or probability), the lowest of equals. A NaN is never
  /// the largest; it shows in the loss.
  package static func prediction<Score: BinaryFloatingPoint>(
    _ scores: some Sequence<Score>
  ) -> Int {
    var best = 0
    var largest = -Score.infinity
    for (index, score) in scores.enumerated() where score > largest {
      best = index
      largest = score
    }
    return best
  }
}
