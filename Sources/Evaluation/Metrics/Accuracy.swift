extension Metric {
  /// The share of photos that were recognised.
  package static let accuracy = Metric("accuracy", title: "accuracy") { outcome in
    let matrix = outcome.matrix
    return ratio(matrix.classes.indices.reduce(0) { $0 + matrix[$1, $1] }, matrix.photos)
  }

  /// The mean recall of the classes that occur: scikit-learn's `balanced_accuracy_score`.
  package static let balancedAccuracy = Metric("balanced-accuracy", title: "balanced") { outcome in
    let occurring = outcome.matrix.perClass.filter { $0.support > 0 }
    return occurring.isEmpty ? 0 : occurring.reduce(0) { $0 + $1.recall } / Double(occurring.count)
  }
}
