extension Metric {
  /// Plain cross-entropy, without smoothing: the mean over the photos of −log p of their label. With several
  /// labels plain binary cross-entropy, the mean over photos and classes.
  package static let loss = Metric("loss", title: "loss", .lowerIsBetter, ofLoss: { $0 })
}
