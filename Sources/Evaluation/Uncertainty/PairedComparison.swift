import Files

/// What two models say of the same photos with one label each: the differences of their metrics and of each class's F1
/// with intervals, and McNemar's test.
package struct PairedComparison: Sendable {
  package struct OfClass: Encodable, Equatable, Sendable {
    package let name: String
    /// Photos of it.
    package let photos: Int
    package let f1: ScoreDifference
  }

  package let photos: Int
  /// How many groups were drawn; nil where photos were.
  package let groups: Int?
  /// Of each metric that has a value for both, in the order of tables.
  package let metrics: [(metric: Metric, difference: ScoreDifference)]
  /// In the order of the classes.
  package let classes: [OfClass]
  package let mcNemar: McNemar
  /// Where both name the same fold of each photo, what the metrics' differences are over the folds.
  private let folded: [(metric: Metric, difference: FoldedDifference)]

  /// - Parameters:
  ///   - second: of the same photos, in whatever order.
  ///   - groups: of the first's photos; nil for those that either of the two brings, if any.
  ///   - asked: what is compared. Where there are more than `Metric.mostProbabilities` photos times classes, those that
  ///     rank photos are left out.
  /// - Throws: `OtherPhotos`.
  package init(
    first: LabelledPhotos, second: LabelledPhotos, groups given: PhotoGroups? = nil,
    metrics asked: [Metric] = Metric.ofOneLabel
  ) throws(OtherPhotos) {
    let second = try second.matched(to: first)
    let ranks = asked.contains(where: \.ranks) && first.predictions.isSmall
    let (one, two) = (
      PhotoTerms(first.predictions, ranks: ranks), PhotoTerms(second.predictions, ranks: ranks)
    )
    let names = one.classes
    let groups = given ?? (first.groups ?? second.groups).map { PhotoGroups($0) }
    photos = one.count
    self.groups = groups?.count
    // Ranking all photos for each class takes longer, so that it is done for fewer draws of many photos.
    let (quick, slow) = (asked.filter { !$0.ranks }, ranks ? asked.filter(\.ranks) : [])
    let found = ScoreDifference.ofSamePhotos(one, two, groups: groups) { terms, weights in
      terms.values(quick, weights) + terms.matrix(weights).perClass.map(\.f1)
    }
    let ranked =
      slow.isEmpty
      ? []
      : ScoreDifference.ofSamePhotos(one, two, groups: groups, work: names.count) {
        $0.values(slow, $1)
      }
    let all = Array(zip(quick, found)) + Array(zip(slow, ranked))
    metrics = Metric.all.compactMap { metric in
      all.first { $0.0 == metric }?.1.map { (metric, $0) }
    }
    let support = one.matrix(one.once).support
    classes = zip(names.indices, found.dropFirst(quick.count)).compactMap { label, difference in
      difference.map { OfClass(name: names[label], photos: support[label], f1: $0) }
    }
    let right = one.labels.indices.map {
      (first.predictions.isRight($0), second.predictions.isRight($0))
    }
    mcNemar = McNemar(
      firstAlone: right.count { $0.0 && !$0.1 }, secondAlone: right.count { !$0.0 && $0.1 })
    folded = Self.folded(one, two, first.folds, second.folds, metrics.map(\.metric))
  }

  private static func folded(
    _ one: PhotoTerms, _ two: PhotoTerms, _ folds: [Int]?, _ others: [Int]?, _ metrics: [Metric]
  ) -> [(metric: Metric, difference: FoldedDifference)] {
    guard let folds, folds == others, Set(folds).count > 1 else { return [] }
    let weights = Set(folds).sorted().map { fold in folds.map { $0 == fold ? 1 : 0 as Int32 } }
    let gains = weights.map { weights in
      zip(one.values(metrics, weights), two.values(metrics, weights)).map { $1 - $0 }
    }
    let shares = weights.map { weights in
      let held = weights.reduce(0) { $0 + Double($1) }
      return held / (Double(folds.count) - held)
    }
    return metrics.enumerated().compactMap { index, metric in
      FoldedDifference(
        gains.map { $0[index] }, testShare: shares.reduce(0, +) / Double(shares.count)
      ).map { (metric, $0) }
    }
  }

  /// Nil where the metric has no value for either.
  package subscript(metric: Metric) -> ScoreDifference? {
    metrics.first { $0.metric == metric }?.difference
  }

  /// Over the folds of two cross-validations by one table of folds; nil for all else.
  package func overFolds(_ metric: Metric) -> FoldedDifference? {
    folded.first { $0.metric == metric }?.difference
  }
}

extension Predictions {
  /// Whether photos may be ranked again and again.
  fileprivate var isSmall: Bool { probabilities.count <= Metric.mostProbabilities }
}

extension LabelledPhotos {
  /// The same photos in the order of others.
  fileprivate func matched(to others: LabelledPhotos) throws(OtherPhotos) -> LabelledPhotos {
    let (classes, asked) = (predictions.classes, others.predictions.classes)
    guard classes.map({ ExactText($0) }) == asked.map({ ExactText($0) }) else {
      throw .classes(asked, classes)
    }
    let (own, theirs) = (try places(), try others.places())
    let (alone, left) = (
      others.paths.filter { own[ExactText($0)] == nil },
      paths.filter { theirs[ExactText($0)] == nil }
    )
    guard alone.isEmpty, left.isEmpty else { throw .photos(firstAlone: alone, secondAlone: left) }
    let rows = others.paths.compactMap { own[ExactText($0)] }
    let other = zip(rows.indices, rows).filter {
      predictions.labels[$0.1] != others.predictions.labels[$0.0]
    }
    if let (row, place) = other.first {
      throw .labels(
        others.paths[row], asked[others.predictions.labels[row]],
        classes[predictions.labels[place]], count: other.count)
    }
    return selecting(rows)
  }

  private func places() throws(OtherPhotos) -> [ExactText: Int] {
    var places: [ExactText: Int] = [:]
    for (row, path) in paths.enumerated() {
      guard places.updateValue(row, forKey: ExactText(path)) == nil else { throw .twice(path) }
    }
    return places
  }
}
