// scikit-learn's `f1_score` with `zero_division=0` and all classes as labels.
extension Metric {
  /// The mean F1 of all classes, also of those that occur neither as label nor as prediction.
  package static let macroF1 = Metric("macro-f1", title: "macro F1") { outcome in
    let scores = outcome.matrix.perClass
    return scores.isEmpty ? 0 : scores.reduce(0) { $0 + $1.f1 } / Double(scores.count)
  }

  /// The mean F1, each class weighing as much as it has photos.
  package static let weightedF1 = Metric("weighted-f1", title: "weighted F1") { outcome in
    let photos = outcome.matrix.photos
    let sum = outcome.matrix.perClass.reduce(0) { $0 + $1.f1 * Double($1.support) }
    return photos == 0 ? 0 : sum / Double(photos)
  }
}
