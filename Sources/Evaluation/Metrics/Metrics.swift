extension Metric {
  /// All metrics, in the order of tables.
  package static let all: [Metric] = [
    accuracy, balancedAccuracy, macroF1, microF1, weightedF1, cohenKappa, matthewsCorrelation,
    top3Accuracy, top5Accuracy, auroc, meanAveragePrecision, hammingLoss, polarityAccuracy,
    wheelDistance, brierScore, calibrationError, loss,
  ]

  /// Those of photos with one label each.
  package static let ofOneLabel = all.filter(\.hasOneLabel)

  /// Those of photos with several labels, or none.
  package static let ofSeveralLabels = all.filter(\.hasSeveralLabels)

  /// Photos times classes up to which the probabilities of all of them are brought together after an epoch, and
  /// ranked again and again to draw intervals. The photos of an epoch are ranked in half a second; of more, metrics
  /// that need them have no value there.
  package static let mostProbabilities = 1 << 22
}
