import Tensors

/// How much better a second way to train is than a first, where both were trained with the same seeds and asked about the
/// same photos: the mean over the seeds, and where it probably lies by the bootstrap over photos and seeds.
///
/// A draw takes photos, or groups of them, with replacement, and seeds with replacement, of each seed both models. Of few
/// seeds draws vary less than the seeds do, by (n − 1)/n; of one seed, its luck isn't in the interval at all.
package enum SeededDifference {
  private static let stream = Philox.Stream(rawValue: 7)

  /// - Parameters:
  ///   - first, second: of each seed, in the same order.
  ///   - metrics: those that rank photos take long.
  /// - Returns: for each metric; nil where it has no value.
  package static func between(
    _ first: [Predictions], _ second: [Predictions], groups: PhotoGroups?, _ metrics: [Metric]
  ) -> [ScoreDifference?] {
    precondition(!first.isEmpty && first.count == second.count, "a model of each for each seed")
    let (one, two) = (
      first.map { PhotoTerms($0, ranks: false) }, second.map { PhotoTerms($0, ranks: false) }
    )
    let (seeds, photos) = (first.count, one[0].count)
    precondition((one + two).allSatisfy { $0.labels == one[0].labels }, "other photos")
    let bootstrap = Bootstrap(photos: photos, groups: groups, work: 2 * seeds)
    let chance = Philox(seed: 0, stream: stream, epoch: 2)

    func means(_ weights: [Int32], _ times: [Int]) -> (first: [Double], second: [Double]) {
      func mean(_ models: [PhotoTerms]) -> [Double] {
        var sums = metrics.map { _ in 0.0 }
        for (model, count) in zip(models, times) where count > 0 {
          for (index, value) in model.values(metrics, weights).enumerated() {
            sums[index] += Double(count) * value
          }
        }
        return sums.map { $0 / Double(seeds) }
      }
      return (mean(one), mean(two))
    }
    let all = means(one[0].once, [Int](repeating: 1, count: seeds))
    var gains = metrics.map { _ in [Double]() }
    bootstrap.forEach { draw in
      var times = [Int](repeating: 0, count: seeds)
      for index in 0..<seeds {
        times[chance.integer(below: seeds, position: draw, index: index)] += 1
      }
      let (a, b) = means(bootstrap.weights(of: draw), times)
      for index in gains.indices { gains[index].append(b[index] - a[index]) }
    }
    return metrics.indices.map { index in
      guard !all.first[index].isNaN, !all.second[index].isNaN,
        let interval = Bootstrap.interval(gains[index])
      else { return nil }
      return ScoreDifference(
        first: all.first[index], second: all.second[index], interval: interval)
    }
  }
}
