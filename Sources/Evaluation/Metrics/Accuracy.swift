extension Metric {
  /// The share of photos that were recognised; with several labels those of which all labels were told, and no
  /// others: scikit-learn's `accuracy_score` of either (subset accuracy).
  package static let accuracy = Metric("accuracy", title: "accuracy") { matrix in
    ratio(matrix.classes.indices.reduce(0) { $0 + matrix[$1, $1] }, matrix.photos)
  } ofLabels: { tally in
    ratio(tally.exact, tally.photos)
  }

  /// The mean recall of the classes that occur: scikit-learn's `balanced_accuracy_score`.
  package static let balancedAccuracy = Metric("balanced-accuracy", title: "balanced") { matrix in
    let occurring = matrix.perClass.filter { $0.support > 0 }
    return occurring.isEmpty ? 0 : occurring.reduce(0) { $0 + $1.recall } / Double(occurring.count)
  }

  /// Of all labels of all photos, told or not, the share that was told wrongly: scikit-learn's `hamming_loss`.
  package static let hammingLoss = Metric(
    "hamming-loss", title: "Hamming", .lowerIsBetter,
    ofLabels: { tally in
      let wrong = tally.perClass.indices.reduce(0) {
        $0 + tally.predicted[$1] + tally.perClass[$1].support - 2 * tally.hits[$1]
      }
      return ratio(wrong, tally.photos * tally.perClass.count)
    })
}
