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
  /// Of all folds' held-out photos together, each by the model that was not trained on it.
  package let outOfFold: Scores

  /// - Parameters:
  ///   - folds: two or more, in order.
  ///   - matrix: of all held-out photos.
  package init(_ folds: [FoldResult], _ matrix: ConfusionMatrix) {
    self.folds = folds
    spreads = MetricValues { metric in Spread(folds.map { $0.scores[metric] }) }
    // Not of the probabilities, which may be too small for a number where the loss is none.
    let losses = folds.reduce(0) { $0 + $1.scores[.loss] * Double($1.scores.photos) }
    outOfFold = Scores(matrix, loss: losses / Double(matrix.photos))
  }

  package subscript(metric: Metric) -> Spread { spreads[metric] }

  private enum CodingKeys: String, CodingKey {
    case folds
    case outOfFold = "out_of_fold"
  }

  package func encode(to encoder: any Encoder) throws {
    try spreads.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folds, forKey: .folds)
    try container.encode(outOfFold, forKey: .outOfFold)
  }
}
