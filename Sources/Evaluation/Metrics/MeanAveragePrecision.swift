extension Metric {
  /// The mean of the labels' average precision (mAP), over those that a photo has: scikit-learn's
  /// `average_precision_score` with `average="macro"`, which takes 0 for the others. With one label a photo, each
  /// class against all others.
  package static let meanAveragePrecision = Metric(
    "mean-average-precision", title: "mean AP", tables: .ofSeveralLabels,
    ofProbabilities: { tally in tally.rankings.isEmpty ? nil : mean(tally.rankings) },
    ofLabels: { mean($0.perClass.map(\.ranking)) })

  private static func mean(_ rankings: [ClassScores.Ranking?]) -> Double {
    let known = rankings.compactMap { $0?.averagePrecision }
    return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
  }
}
