extension Metric {
  /// All metrics, in the order of tables.
  package static let all: [Metric] = [
    accuracy, balancedAccuracy, macroF1, weightedF1, cohenKappa, loss,
  ]
}
