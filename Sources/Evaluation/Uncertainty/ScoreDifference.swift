import Tensors

/// What was said of photos that have one label each, as far as accuracy and F1 need it.
package struct Answers: Equatable, Sendable {
  package let classes: Int
  package let labels: [Int]
  package let predicted: [Int]

  package init(classes: Int, labels: [Int], predicted: [Int]) {
    precondition(labels.count == predicted.count)
    self.classes = classes
    self.labels = labels
    self.predicted = predicted
  }

  package init(_ predictions: Predictions) {
    self.init(
      classes: predictions.classes.count, labels: predictions.labels,
      predicted: predictions.samples.indices.map { predictions.predicted($0) })
  }

  /// Photos whose order isn't known.
  package init(_ matrix: ConfusionMatrix) {
    let triples = matrix.triples
    self.init(
      classes: matrix.classes.count,
      labels: triples.flatMap { [Int](repeating: $0[0], count: $0[2]) },
      predicted: triples.flatMap { [Int](repeating: $0[1], count: $0[2]) })
  }
}

/// How much better a second model is than a first, and where that difference probably lies: the bootstrap (Efron, 1979)
/// over the photos, the 2.5th and 97.5th percentile of 2000 draws.
///
/// Where both were asked about the same photos, a draw takes the same photos of both, so that what is difficult in them
/// cancels out.
package struct ScoreDifference: Codable, Equatable, Sendable {
  package let first: Double
  package let second: Double
  package let interval: Interval

  package var difference: Double { second - first }
  /// Whether chance alone hardly makes such a difference.
  package var isReal: Bool { !interval.contains(0) }

  private static let draws = 2000
  /// Photos drawn in all: of more than a hundred thousand there are fewer draws, which takes seconds.
  private static let photosDrawn = 200_000_000
  /// Beyond that nothing is drawn: a difference that a million photos leave in doubt is none that matters.
  package static let mostPhotos = 1_000_000
  private static let stream = Philox.Stream(rawValue: 7)

  /// Of accuracy and macro F1.
  ///
  /// - Parameters:
  ///   - first, second: of no more than `mostPhotos`.
  ///   - isPaired: whether the answers are about the same photos in the same order.
  package static func between(
    _ first: Answers, _ second: Answers, isPaired: Bool
  ) -> (accuracy: ScoreDifference, macroF1: ScoreDifference) {
    precondition(!isPaired || first.labels == second.labels, "other photos")
    var (accuracies, f1s) = ([Double](), [Double]())
    let most = max(first.labels.count, second.labels.count, 1)
    for draw in 0..<min(draws, photosDrawn / most) {
      let rows = Self.rows(first.labels.count, draw, of: 0)
      let others = isPaired ? rows : Self.rows(second.labels.count, draw, of: 1)
      let (a, b) = (Values(first, rows), Values(second, others))
      accuracies.append(b.accuracy - a.accuracy)
      f1s.append(b.macroF1 - a.macroF1)
    }
    let (a, b) = (
      Values(first, first.labels.indices), Values(second, second.labels.indices)
    )
    return (
      ScoreDifference(first: a.accuracy, second: b.accuracy, interval: middle(of: accuracies)),
      ScoreDifference(first: a.macroF1, second: b.macroF1, interval: middle(of: f1s))
    )
  }

  /// Photos drawn with replacement; the same for the same arguments.
  private static func rows(_ count: Int, _ draw: Int, of model: Int) -> [Int] {
    let philox = Philox(seed: 0, stream: stream, epoch: model)
    return (0..<count).map { philox.integer(below: count, position: draw, index: $0) }
  }

  private static func middle(of values: [Double]) -> Interval {
    let sorted = values.sorted()
    let cut = sorted.count / 40
    return Interval(lower: sorted[cut], upper: sorted[sorted.count - 1 - cut])
  }

  /// The metrics of some of the photos, as `Metric` defines them.
  private struct Values {
    let accuracy: Double
    let macroF1: Double

    init(_ answers: Answers, _ rows: some Collection<Int>) {
      var hits = [Int](repeating: 0, count: answers.classes)
      var (support, predicted) = (hits, hits)
      for row in rows {
        let (label, said) = (answers.labels[row], answers.predicted[row])
        support[label] += 1
        predicted[said] += 1
        if label == said { hits[label] += 1 }
      }
      var (sum, occurring) = (0.0, 0)
      for label in 0..<answers.classes where support[label] + predicted[label] > 0 {
        sum += ratio(2 * hits[label], support[label] + predicted[label])
        occurring += 1
      }
      accuracy = ratio(hits.reduce(0, +), rows.count)
      macroF1 = occurring == 0 ? 0 : sum / Double(occurring)
    }
  }
}
