// scikit-learn's `f1_score` with `zero_division=0`.
extension Metric {
  /// The mean F1 of the classes that occur as label or as prediction, as in scikit-learn where no list
  /// of labels is given; with several labels of all classes, as of its indicator matrices.
  package static let macroF1 = Metric("macro-f1", title: "macro F1") { matrix in
    let (scores, occurring) = (matrix.perClass, matrix.classesOccurring)
    return occurring.isEmpty
      ? 0 : occurring.reduce(0) { $0 + scores[$1].f1 } / Double(occurring.count)
  } ofLabels: { tally in
    tally.perClass.isEmpty
      ? 0 : tally.perClass.reduce(0) { $0 + $1.f1 } / Double(tally.perClass.count)
  }

  /// The F1 of all labels of all photos together. Of one label a photo that is the accuracy.
  package static let microF1 = Metric(
    "micro-f1", title: "micro F1",
    ofLabels: { tally in
      ratio(
        2 * tally.hits.reduce(0, +),
        tally.perClass.reduce(0) { $0 + $1.support } + tally.predicted.reduce(0, +))
    })

  /// The mean F1, each class weighing as much as it has photos.
  package static let weightedF1 = Metric("weighted-f1", title: "weighted F1") { matrix in
    weighted(matrix.perClass)
  } ofLabels: { tally in
    weighted(tally.perClass)
  }

  private static func weighted(_ classes: [ClassScores]) -> Double {
    let photos = classes.reduce(0) { $0 + $1.support }
    let sum = classes.reduce(0) { $0 + $1.f1 * Double($1.support) }
    return photos == 0 ? 0 : sum / Double(photos)
  }
}
