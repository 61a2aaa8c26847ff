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
  ///   - tally: of all held-out photos.
  package init(_ folds: [FoldResult], _ tally: Tally) {
    func spreads(_ scores: [Scores]) -> MetricValues<Spread> {
      MetricValues(scores[0].metrics) { metric in Spread(scores.map { $0[metric] }) }
    }
    /// Not of the probabilities, which may be too small for a number where the loss is none.
    func meanLoss(_ scores: [Scores]) -> Double {
      scores.reduce(0) { $0 + $1[.loss] * Double($1.photos) } / Double(tally.photos)
    }
    self.folds = folds
    let scores = folds.map(\.scores.scores)
    self.spreads = spreads(scores)
    let all = Scores(tally, loss: meanLoss(scores))
    let plain = folds.compactMap(\.scores.plain)
    guard plain.count == folds.count else {
      plainSpreads = nil
      outOfFold = ViewedScores(all)
      return
    }
    plainSpreads = spreads(plain)
    // What several labels' ranks are among all photos, the folds' scores don't tell.
    guard case .classes(let matrix) = tally else {
      outOfFold = ViewedScores(all)
      return
    }
    var plainMatrix = ConfusionMatrix(classes: matrix.classes)
    for scores in plain.compactMap(\.matrix) { plainMatrix.add(scores) }
    outOfFold = ViewedScores(
      all, views: folds[0].scores.views, plain: Scores(plainMatrix, loss: meanLoss(plain)))
  }

  /// Those that have a meaning here, in the order of tables.
  package var metrics: [Metric] { spreads.metrics }

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
