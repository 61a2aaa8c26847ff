extension Metric {
  /// All metrics, in the order of tables.
  package static let all: [Metric] = [
    accuracy, balancedAccuracy, macroF1, microF1, weightedF1, cohenKappa, meanAveragePrecision,
    hammingLoss, loss,
  ]

  /// Those of photos with one label each.
  package static let ofOneLabel = all.filter(\.hasOneLabel)

  /// Those of photos with several labels, or none.
  package static let ofSeveralLabels = all.filter(\.hasSeveralLabels)
}
