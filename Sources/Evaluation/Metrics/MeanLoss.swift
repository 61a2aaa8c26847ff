extension Metric {
  /// Plain cross-entropy, without smoothing: the mean over the photos of −log p of their label.
  package static let loss = Metric("loss", title: "loss", .lowerIsBetter) { $0.meanLoss }
}
