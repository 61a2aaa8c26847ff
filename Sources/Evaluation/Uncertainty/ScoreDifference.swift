/// How much better a second model is than a first, and where that difference probably lies: the bootstrap over the
/// photos, by 2000 draws.
///
/// Where both were asked about the same photos, a draw takes the same photos of both, so that what is difficult in them
/// cancels out.
package struct ScoreDifference: Codable, Equatable, Sendable {
  package let first: Double
  package let second: Double
  package let interval: Interval

  package var difference: Double { second - first }
  /// Whether chance alone hardly makes such a difference.
  package var isReal: Bool { !interval.contains(0) }

  /// Of metrics of each model's own photos.
  ///
  /// - Returns: for each metric; nil where it has no value.
  package static func ofOtherPhotos(
    _ first: PhotoTerms, _ second: PhotoTerms, _ metrics: [Metric]
  ) -> [ScoreDifference?] {
    between(
      first, second, Bootstrap(photos: first.count), Bootstrap(photos: second.count, of: 1)
    ) {
      $0.values(metrics, $1)
    }
  }

  /// Of whatever numbers of the same photos in the same order.
  ///
  /// - Parameters:
  ///   - work: what the numbers look at for each photo.
  ///   - values: of photos that count so often; as many for either.
  static func ofSamePhotos(
    _ first: PhotoTerms, _ second: PhotoTerms, groups: PhotoGroups?, work: Int = 1,
    _ values: (PhotoTerms, _ weights: [Int32]) -> [Double]
  ) -> [ScoreDifference?] {
    precondition(first.labels == second.labels, "other photos")
    let bootstrap = Bootstrap(photos: first.count, groups: groups, work: work)
    return between(first, second, bootstrap, nil, values)
  }

  /// - Parameter other: draws the second's photos; nil for the first's.
  private static func between(
    _ first: PhotoTerms, _ second: PhotoTerms, _ bootstrap: Bootstrap, _ other: Bootstrap?,
    _ values: (PhotoTerms, _ weights: [Int32]) -> [Double]
  ) -> [ScoreDifference?] {
    let (a, b) = (values(first, first.once), values(second, second.once))
    var gains = a.map { _ in [Double]() }
    bootstrap.forEach(atMost: other?.draws ?? .max) { draw in
      let weights = bootstrap.weights(of: draw)
      let (one, two) = (
        values(first, weights), values(second, other?.weights(of: draw) ?? weights)
      )
      for index in gains.indices { gains[index].append(two[index] - one[index]) }
    }
    return a.indices.map { index in
      guard !a[index].isNaN, !b[index].isNaN, let interval = Bootstrap.interval(gains[index]) else {
        return nil
      }
      return ScoreDifference(first: a[index], second: b[index], interval: interval)
    }
  }
}
