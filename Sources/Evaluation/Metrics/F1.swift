// scikit-learn's `f1_score` with `zero_division=0`.
extension Metric {
  /// The mean F1 of the classes that occur as label or as prediction, as in scikit-learn where no list
  /// of labels is given.
  package static let macroF1 = Metric("macro-f1", title: "macro F1") { outcome in
    let (scores, occurring) = (outcome.matrix.perClass, outcome.matrix.classesOccurring)
    return occurring.isEmpty
      ? 0 : occurring.reduce(0) { $0 + scores[$1].f1 } / Double(occurring.count)
  }

  /// The mean F1, each class weighing as much as it has photos.
  package static let weightedF1 = Metric("weighted-f1", title: "weighted F1") { outcome in
    let photos = outcome.matrix.photos
    let sum = outcome.matrix.perClass.reduce(0) { $0 + $1.f1 * Double($1.support) }
    return photos == 0 ? 0 : sum / Double(photos)
  }
}
