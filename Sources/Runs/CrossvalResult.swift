package import Evaluation

/// What came out of a cross-validation: `scores.json`.
package struct CrossvalResult: Encodable, Equatable, Sendable {
  /// A score over the folds.
  package struct Spread: Codable, Equatable, Sendable {
    package let mean: Double
    /// With n − 1.
    package let standardDeviation: Double

    package init(_ values: [Double]) {
      let count = Double(values.count)
      mean = values.reduce(0, +) / count
      var squares = 0.0
      for value in values { squares += (value - mean) * (value - mean) }
      standardDeviation = (squares / (count - 1)).squareRoot()
    }

    enum CodingKeys: String, CodingKey {
      case mean
      case standardDeviation = "standard_deviation"
    }
  }

  package let folds: [FoldResult]
  /// Of each metric.
  private let spreads: MetricValues<Spread>
  /// The same by the plain view alone, where others are averaged.
  private let plainSpreads: MetricValues<Spread>?
  /// Of all folds' held-out photos together, each by the model that was not trained on it.
  package let outOfFold: ViewedScores

  /// - Parameters:
  ///   - folds: two or more, in order.
  ///   - predictions: of all held-out photos.
  ///   - groups: photos of them that are drawn together for intervals; nil where each is drawn alone.
  package init(_ folds: [FoldResult], _ predictions: Predictions, groups: PhotoGroups? = nil) {
    /// Of metrics that all folds have: results of an earlier version lack some.
    func spreads(_ scores: [Scores]) -> MetricValues<Spread> {
      MetricValues(scores[0].metrics) { metric in
        scores.allSatisfy { $0.metrics.contains(metric) } ? Spread(scores.map { $0[metric] }) : nil
      }
    }
    /// Not of the probabilities, which may be too small for a number where the loss is none.
    func meanLoss(_ scores: [Scores]) -> Double {
      scores.reduce(0) { $0 + $1[.loss] * Double($1.photos) } / Double(predictions.samples.count)
    }
    self.folds = folds
    let scores = folds.map(\.scores.scores)
    self.spreads = spreads(scores)
    let all = Scores.withIntervals(of: predictions, loss: meanLoss(scores), groups: groups)
    let plain = folds.compactMap(\.scores.plain)
    guard plain.count == folds.count else {
      plainSpreads = nil
      outOfFold = ViewedScores(all)
      return
    }
    plainSpreads = spreads(plain)
    // What several labels' ranks are among all photos, the folds' scores don't tell.
    guard predictions.thresholds == nil else {
      outOfFold = ViewedScores(all)
      return
    }
    var plainMatrix = ConfusionMatrix(classes: predictions.classes)
    for scores in plain.compactMap(\.matrix) { plainMatrix.add(scores) }
    outOfFold = ViewedScores(
      all, views: folds[0].scores.views, plain: Scores(plainMatrix, loss: meanLoss(plain)))
  }

  /// Those that have a meaning here, in the order of tables.
  package var metrics: [Metric] { spreads.metrics }

  /// Those of them that a table of folds has.
  package var metricsInTables: [Metric] {
    metrics.filter { outOfFold.scores.metricsInTables.contains($0) }
  }

  /// No numbers where the metric has no meaning.
  package subscript(metric: Metric) -> Spread { spreads[metric] ?? Spread([]) }

  /// By the plain view alone; nil where no others are averaged.
  package func plain(_ metric: Metric) -> Spread? { plainSpreads?[metric] }

  private enum CodingKeys: String, CodingKey {
    case folds, plain
    case outOfFold = "out_of_fold"
  }

  package func encode(to encoder: any Encoder) throws {
    try spreads.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folds, forKey: .folds)
    if let plainSpreads { try plainSpreads.encode(to: container.superEncoder(forKey: .plain)) }
    try container.encode(outOfFold, forKey: .outOfFold)
  }
}
