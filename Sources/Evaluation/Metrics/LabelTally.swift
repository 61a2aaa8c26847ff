/// How the labels of photos that have several, or none, were told: each class by itself.
package struct LabelTally: Equatable, Sendable {
  package let photos: Int
  /// Photos of which all labels were told, and no others.
  package let exact: Int
  /// Of each class, the photos that have it and were said to.
  package let hits: [Int]
  /// Of each class, the photos that were said to have it.
  package let predicted: [Int]
  /// In the order of the classes.
  package let perClass: [ClassScores]

  /// - Parameter predictions: with thresholds.
  init(_ predictions: Predictions) {
    let (classes, rows) = (predictions.classes, predictions.samples.indices)
    var (hits, predicted) = (classes.map { _ in 0 }, classes.map { _ in 0 })
    var support = hits
    let once = [Int32](repeating: 1, count: rows.count)
    for row in rows {
      let told = predictions.predictedLabels(row)
      for label in told { predicted[label] += 1 }
      for label in predictions.labels(of: row) {
        support[label] += 1
        if told.contains(label) { hits[label] += 1 }
      }
    }
    photos = rows.count
    exact = rows.count { predictions.isRight($0) }
    perClass = classes.indices.map { label in
      ClassScores(
        name: classes[label], hits: hits[label], support: support[label],
        predicted: predicted[label],
        ranking: RankedPhotos(
          rows.map { (predictions.probability($0, of: label), predictions.has(label, $0)) }
        ).ranking(once))
    }
    (self.hits, self.predicted) = (hits, predicted)
  }

  /// What was written of it.
  ///
  /// - Parameter matrices: of each class `[[TN, FP], [FN, TP]]`, scikit-learn's `multilabel_confusion_matrix`.
  /// - Returns: nil where it can't be so.
  init?(_ perClass: [ClassScores], exact: Int, photos: Int, matrices: [[[Int]]]) {
    guard matrices.count == perClass.count, (0...photos).contains(exact), photos < 1 << 31,
      matrices.allSatisfy({ matrix in
        matrix.count == 2
          && matrix.allSatisfy { $0.count == 2 && $0.allSatisfy((0...photos).contains) }
          && matrix[0][0] + matrix[0][1] + matrix[1][0] + matrix[1][1] == photos
      }), zip(matrices, perClass).allSatisfy({ $0[1][0] + $0[1][1] == $1.support })
    else { return nil }
    self.photos = photos
    self.exact = exact
    self.perClass = perClass
    hits = matrices.map { $0[1][1] }
    predicted = matrices.map { $0[0][1] + $0[1][1] }
  }

  var matrices: [[[Int]]] {
    zip(perClass, zip(hits, predicted)).map { score, told in
      let (hits, predicted) = told
      return [
        [photos - score.support - predicted + hits, predicted - hits],
        [score.support - hits, hits],
      ]
    }
  }
}

/// What was said of photos, beside what they are.
package enum Tally: Equatable, Sendable {
  /// Who was taken for whom, where each photo has one label.
  case classes(ConfusionMatrix)
  case labels(LabelTally)

  package var photos: Int {
    switch self {
    case .classes(let matrix): matrix.photos
    case .labels(let tally): tally.photos
    }
  }

  package var perClass: [ClassScores] {
    switch self {
    case .classes(let matrix): matrix.perClass
    case .labels(let tally): tally.perClass
    }
  }

  /// The metrics that it has values of.
  var metrics: [Metric] {
    if case .labels = self { Metric.ofSeveralLabels } else { Metric.ofOneLabel }
  }
}
