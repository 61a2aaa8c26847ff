/// How often a photo of one class was taken for each other: integers, so that the ranks' matrices
/// add up to the same one in any order.
package struct ConfusionMatrix: Equatable, Sendable {
  package let classes: [String]
  /// `[label, predicted]`, row-major, as scikit-learn has it: what the ranks add up.
  package private(set) var counts: [Int64]

  package init(classes: [String]) {
    self.init(classes: classes, counts: Array(repeating: 0, count: classes.count * classes.count))
  }

  /// Counts that were added up over ranks.
  package init(classes: [String], counts: [Int64]) {
    precondition(counts.count == classes.count * classes.count, "not a square of the classes")
    self.classes = classes
    self.counts = counts
  }

  package mutating func add(label: Int, predicted: Int) {
    precondition(
      classes.indices.contains(label) && classes.indices.contains(predicted),
      "label \(label), predicted \(predicted) of \(classes.count) classes")
    counts[label * classes.count + predicted] += 1
  }

  /// Photos of class `label` that were taken for class `predicted`.
  package subscript(label: Int, predicted: Int) -> Int {
    Int(counts[label * classes.count + predicted])
  }

  package var photos: Int { Int(counts.reduce(0, +)) }

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
