/// How much better a second way to train is than a first, by trainings of both on the same folds: Nadeau and Bengio,
/// "Inference for the generalization error", Machine Learning 52, 2003.
///
/// The folds' trainings share most of their photos, so that their differences d vary less than those of trainings on other
/// photos would. With k folds and the variance s² of the differences (with k − 1), the mean's variance is taken to be
/// s²·(1/k + n_test/n_train), and the interval is mean ± t·√ of that, by Student's t with k − 1 degrees of freedom.
package struct FoldedDifference: Codable, Equatable, Sendable {
  /// Of each fold.
  package let differences: [Double]
  package let mean: Double
  package let interval: Interval

  /// Whether chance alone hardly makes such a difference.
  package var isReal: Bool { !interval.contains(0) }

  /// - Parameters:
  ///   - testShare: the photos that a fold holds out over those that it trains on.
  /// - Returns: nil where a difference is no number, or there is only one.
  package init?(_ differences: [Double], testShare: Double) {
    let count = Double(differences.count)
    guard count > 1, differences.allSatisfy(\.isFinite) else { return nil }
    let mean = differences.reduce(0, +) / count
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) * (1 / count + testShare)).squareRoot()
    let reach = StudentT(freedom: differences.count - 1).quantile(0.975) * error
    self.differences = differences
    self.mean = mean
    interval = Interval(lower: mean - reach, upper: mean + reach)
  }
}
