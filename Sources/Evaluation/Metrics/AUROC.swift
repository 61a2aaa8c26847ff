extension Metric {
  /// The area under the receiver operating characteristic, each class against all others: how often a photo of the
  /// class is given a higher probability of it than a photo of another, ties counting half (Mann and Whitney). The
  /// mean over the classes that have both; no value where none does. scikit-learn's `roc_auc_score` with
  /// `multi_class="ovr"` and `average="macro"`, which refuses photos without some class. With several labels,
  /// those that have a label against those that don't.
  package static let auroc = Metric(
    "auroc", title: "AUROC", tables: .ofSeveralLabels,
    ofProbabilities: { meanAUROC($0.rankings) },
    ofLabels: { meanAUROC($0.perClass.map(\.ranking)) })

  private static func meanAUROC(_ rankings: [ClassScores.Ranking?]) -> Double? {
    let known = rankings.compactMap { $0?.auroc }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
