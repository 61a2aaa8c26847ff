/// How many photos with each label are probably of each class, by probabilities of models that weren't
/// trained on them: the confident joint of confident learning (Northcutt, Jiang and Chuang,
/// [arXiv:1911.00068](https://arxiv.org/abs/1911.00068), section 3).
///
/// A photo counts for the most probable of the classes that it has at least the mean probability of their
/// own photos for; one that reaches it for none counts nowhere. So classes that a model is less sure
/// of need less.
package struct ConfidentJoint: Equatable, Sendable {
  /// Of each class, the mean probability of it among the photos with its label; infinite without any.
  package let thresholds: [Double]
  /// `[label][class]`, calibrated: of each label as many as it has photos, in whole numbers.
  package let counts: [[Int]]

  /// A class with one photo reaches its own threshold, whatever the rounding.
  private static let slack = 1e-6

  package init(_ predictions: Predictions) {
    let classes = predictions.classes.count
    var photos = [Int](repeating: 0, count: classes)
    var sums = [Double](repeating: 0, count: classes)
    for (row, label) in predictions.labels.enumerated() {
      photos[label] += 1
      let own = predictions[row]
      sums[label] += own[own.startIndex + label]
    }
    let thresholds = zip(sums, photos).map { $1 == 0 ? .infinity : $0 / Double($1) }
    var confident = [[Int]](
      repeating: [Int](repeating: 0, count: classes), count: classes)
    for (row, label) in predictions.labels.enumerated() {
      let reached = predictions[row].enumerated().filter {
        $0.element >= thresholds[$0.offset] - Self.slack
      }
      if let most = reached.max(by: { ($0.element, $1.offset) < ($1.element, $0.offset) }) {
        confident[label][most.offset] += 1
      }
    }
    self.thresholds = thresholds
    counts = confident.enumerated().map { label, row in
      var row = row
      // Some photo of each class has the right label.
      row[label] = max(row[label], 1)
      return Self.scaled(row, to: photos[label])
    }
  }

  /// Whole numbers in these proportions with that sum, by largest remainders.
  private static func scaled(_ counts: [Int], to total: Int) -> [Int] {
    let sum = counts.reduce(0, +)
    let exact = counts.map { Double($0) * Double(total) / Double(sum) }
    var rounded = exact.map { Int($0) }
    let order = exact.indices.sorted {
      let (a, b) = (exact[$0] - Double(rounded[$0]), exact[$1] - Double(rounded[$1]))
      return (b, $0) < (a, $1)
    }
    for index in order.prefix(total - rounded.reduce(0, +)) { rounded[index] += 1 }
    return rounded
  }
}
