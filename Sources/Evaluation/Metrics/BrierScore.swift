extension Metric {
  /// Brier, "Verification of forecasts expressed in terms of probability", 1950: the sum over all classes of the squared
  /// differences between probability and truth (1 for the label, 0 for the others), the mean over the photos; from 0
  /// to 2. scikit-learn's `brier_score_loss` with `scale_by_half=False`, which is twice what it gives for two
  /// classes by default.
  package static let brierScore = Metric(
    "brier-score", title: "Brier", .lowerIsBetter, tables: .none, ofProbabilities: { $0.brier })
}
