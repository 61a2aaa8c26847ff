package import Evaluation

/// What came out of a cross-validation: `scores.json`.
package struct CrossvalResult: Codable, Equatable, Sendable {
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
  package let accuracy: Spread
  package let balancedAccuracy: Spread
  package let macroF1: Spread
  package let weightedF1: Spread
  package let loss: Spread
  /// Of all folds' held-out photos together, each by the model that was not trained on it.
  package let outOfFold: Scores

  /// - Parameters:
  ///   - folds: two or more, in order.
  ///   - matrix: of all held-out photos.
  package init(_ folds: [FoldResult], _ matrix: ConfusionMatrix) {
    self.folds = folds
    func spread(_ value: (Scores) -> Double) -> Spread { Spread(folds.map { value($0.scores) }) }
    accuracy = spread(\.accuracy)
    balancedAccuracy = spread(\.balancedAccuracy)
    macroF1 = spread(\.macroF1)
    weightedF1 = spread(\.weightedF1)
    loss = spread(\.loss)
    // Not of the probabilities, which may be too small for a number where the loss is none.
    let losses = folds.reduce(0) { $0 + $1.scores.loss * Double($1.scores.photos) }
    outOfFold = Scores(matrix, loss: losses / Double(matrix.photos))
  }

  private enum CodingKeys: String, CodingKey {
    case folds, accuracy, loss
    case balancedAccuracy = "balanced_accuracy"
    case macroF1 = "macro_f1"
    case weightedF1 = "weighted_f1"
    case outOfFold = "out_of_fold"
  }
}
