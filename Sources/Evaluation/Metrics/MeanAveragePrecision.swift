extension Metric {
  /// The mean of the labels' average precision (mAP), over those that a photo has: scikit-learn's
  /// `average_precision_score` with `average="macro"`, which takes 0 for the others.
  package static let meanAveragePrecision = Metric(
    "mean-average-precision", title: "mean AP",
    ofLabels: { tally in
      let known = tally.perClass.compactMap(\.ranking?.averagePrecision)
      return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    })
}
