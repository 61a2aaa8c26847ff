extension Predictions {
  /// Where each class's precision, recall and F1 probably lie: the bootstrap over the photos, or over their groups.
  ///
  /// - Parameter groups: photos that are drawn together; nil where each is drawn alone.
  package func classIntervals(groups: PhotoGroups? = nil) -> [ClassScores.Intervals] {
    let bootstrap = Bootstrap(photos: samples.count, groups: groups)
    // What each photo adds to: labels that it has, is said to have, or both.
    var (terms, ends) = ([(label: Int, isOwn: Bool, isTold: Bool)](), [Int]())
    for row in samples.indices {
      let (own, told) = (labels(of: row), predictedLabels(row))
      terms += own.map { ($0, true, told.contains($0)) }
      terms += told.filter { !own.contains($0) }.map { ($0, false, true) }
      ends.append(terms.count)
    }
    var draws = classes.map { _ in (precision: [Double](), recall: [Double](), f1: [Double]()) }
    bootstrap.forEach { draw in
      var hits = [Int](repeating: 0, count: classes.count)
      var (support, predicted, place) = (hits, hits, 0)
      for (row, weight) in bootstrap.weights(of: draw).enumerated() {
        let times = Int(weight)
        while place < ends[row] {
          let (label, isOwn, isTold) = terms[place]
          if isOwn { support[label] += times }
          if isTold { predicted[label] += times }
          if isOwn, isTold { hits[label] += times }
          place += 1
        }
      }
      for label in classes.indices {
        draws[label].precision.append(ratio(hits[label], predicted[label]))
        draws[label].recall.append(ratio(hits[label], support[label]))
        draws[label].f1.append(ratio(2 * hits[label], support[label] + predicted[label]))
      }
    }
    func interval(_ values: [Double]) -> Interval {
      Bootstrap.interval(values) ?? Interval(lower: 0, upper: 1)
    }
    return draws.map {
      ClassScores.Intervals(
        precision: interval($0.precision), recall: interval($0.recall), f1: interval($0.f1))
    }
  }
}

extension Scores {
  /// The scores of predictions, with intervals of each class's figures.
  ///
  /// - Parameters:
  ///   - loss: the mean over the photos; nil for that of the predictions' own.
  ///   - groups: photos that are drawn together; nil where each is drawn alone.
  package static func withIntervals(
    of predictions: Predictions, loss: Double? = nil, groups: PhotoGroups? = nil
  ) -> Scores {
    Scores(predictions, loss: loss).with(predictions.classIntervals(groups: groups))
  }
}

extension Predictions {
  /// Where metrics of photos with one label each probably lie: the bootstrap over the photos, or over their groups. Nil for
  /// one without a value.
  ///
  /// - Parameters:
  ///   - metrics: those that rank photos take longest.
  ///   - groups: photos that are drawn together; nil where each is drawn alone.
  package func intervals(of metrics: [Metric], groups: PhotoGroups? = nil) -> [Interval?] {
    let terms = PhotoTerms(self, ranks: metrics.contains(where: \.ranks))
    let bootstrap = Bootstrap(photos: samples.count, groups: groups)
    var draws = metrics.map { _ in [Double]() }
    bootstrap.forEach { draw in
      let values = terms.values(metrics, bootstrap.weights(of: draw))
      for (index, value) in values.enumerated() { draws[index].append(value) }
    }
    return draws.map(Bootstrap.interval)
  }
}
