import Files
import Foundation
import Support
import Testing

@testable import Evaluation

/// Beside SciPy and statsmodels: Tests/Golden/bootstrap.py.
@Suite struct BootstrapTests {
  struct Golden: Decodable {
    struct Bounds: Decodable {
      let lower, upper: Double
      let noise: [Double]
    }
    struct Test: Decodable {
      let first, second: Int
      let p: Double
    }
    struct Quantile: Decodable {
      let freedom: Int
      let t: Double
    }
    struct Folded: Decodable {
      let differences: [Double]
      let share, lower, upper: Double
    }
    let labels, groups: [Int]
    let first, second: [[Double]]
    let classes, classesByGroups, metrics, metricsByGroups: [Bounds]
    let tests: [Test]
    let quantiles: [Quantile]
    let folded: [Folded]

    enum CodingKeys: String, CodingKey {
      case labels, groups, first, second, classes, metrics, tests, quantiles, folded
      case classesByGroups = "classes_by_groups"
      case metricsByGroups = "metrics_by_groups"
    }

    func photos(_ probabilities: [[Double]]) -> LabelledPhotos {
      var predictions = Predictions(classes: ["a", "b", "c", "d"])
      for (row, label) in labels.enumerated() {
        predictions.append(sample: row, labels: [label], probabilities: probabilities[row])
      }
      return LabelledPhotos(predictions, paths: labels.indices.map { "\($0).jpg" })
    }

    var photoGroups: PhotoGroups { PhotoGroups(groups.map { "group \($0)" }) }
  }

  static let golden = Result {
    try JSONText.decode(Golden.self, from: Support.Golden.bytes("bootstrap.json"))
  }
  let golden: Golden

  init() throws { golden = try Self.golden.get() }

  /// One run of 2000 draws scatters as SciPy's do: five of their standard deviations, and a photo's share where the
  /// runs agree to the last bit.
  private func expect(_ interval: Interval, _ bounds: Golden.Bounds, _ what: String) {
    #expect(
      abs(interval.lower - bounds.lower) < 5 * bounds.noise[0] + 1e-3,
      "\(what): \(interval) \(bounds)")
    #expect(
      abs(interval.upper - bounds.upper) < 5 * bounds.noise[1] + 1e-3,
      "\(what): \(interval) \(bounds)")
  }

  @Test(arguments: [false, true])
  func `classes' figures have SciPy's intervals, drawn by photos or by groups`(
    isGrouped: Bool
  ) throws {
    let predictions = golden.photos(golden.first).predictions
    let groups = isGrouped ? golden.photoGroups : nil
    let scores = Scores.withIntervals(of: predictions, groups: groups)
    let bounds = isGrouped ? golden.classesByGroups : golden.classes
    for (label, score) in scores.perClass.enumerated() {
      guard let intervals = score.intervals else {
        Issue.record("\(score.name) has none")
        continue
      }
      expect(intervals.precision, bounds[3 * label], "\(score.name) precision")
      expect(intervals.recall, bounds[3 * label + 1], "\(score.name) recall")
      expect(intervals.f1, bounds[3 * label + 2], "\(score.name) F1")
      #expect(intervals.f1.contains(score.f1))
    }
    #expect(predictions.classIntervals(groups: groups) == scores.perClass.compactMap(\.intervals))
    let text = try JSONText.encode(scores)
    #expect(text.contains("\"intervals\":{\"f1\":{\"lower\":"))
    #expect(try JSONText.decode(Scores.self, from: text.utf8) == scores)
  }

  @Test(arguments: [false, true])
  func `differences of metrics have SciPy's intervals, drawn by photos or by groups`(
    isGrouped: Bool
  ) throws {
    let paired = try PairedComparison(
      first: golden.photos(golden.first), second: golden.photos(golden.second),
      groups: isGrouped ? golden.photoGroups : nil)
    #expect(paired.groups == (isGrouped ? Set(golden.groups).count : nil))
    let bounds = isGrouped ? golden.metricsByGroups : golden.metrics
    for (metric, bounds) in zip([Metric.macroF1, .auroc, .brierScore], bounds) {
      let found = try #require(paired[metric])
      expect(found.interval, bounds, metric.name)
      #expect(found.first == golden.photos(golden.first).predictions.scores[metric])
    }
    #expect(paired.classes.map(\.name) == ["a", "b", "c", "d"])
    #expect(paired.overFolds(.macroF1) == nil)
  }

  /// What is difficult in a group is so for all of its photos: who draws them one by one is too sure.
  @Test func `groups make intervals wider`() {
    let predictions = golden.photos(golden.first).predictions
    let (alone, together) = (
      predictions.classIntervals(), predictions.classIntervals(groups: golden.photoGroups)
    )
    #expect(together.count { $0.f1.halfWidth > 0 } == 4)
    #expect(zip(alone, together).allSatisfy { $1.f1.halfWidth > 1.2 * $0.f1.halfWidth })
  }

  @Test func `photos without a group are drawn alone`() {
    let groups = PhotoGroups(["x", nil, "y", "x", nil])
    #expect(groups.count == 4 && groups.places == [0, 1, 2, 0, 3])
    let bootstrap = Bootstrap(photos: 5, groups: groups)
    for draw in 0..<20 {
      let weights = bootstrap.weights(of: draw)
      #expect(weights[0] == weights[3])
      #expect(weights[0] + weights[1] + weights[2] + weights[4] == 4)
    }
  }

  @Test func `fewer draws of very many photos, but enough`() {
    #expect(Bootstrap(photos: 100_000).draws == 2000)
    #expect(Bootstrap(photos: 400_000).draws == 500)
    #expect(Bootstrap(photos: 10_000_000).draws == 200)
    #expect(Bootstrap.interval([.nan, .nan, 1]) == nil)
    #expect(Bootstrap.interval([.nan, 2, 1]) == Interval(lower: 1, upper: 2))
  }

  @Test func `McNemar's test is statsmodels'`() throws {
    #expect(golden.tests.count == 6)
    for test in golden.tests {
      let found = McNemar(firstAlone: test.first, secondAlone: test.second)
      #expect(abs(found.p - test.p) < 1e-12, "\(test): \(found.p)")
      let text = try JSONText.encode(found)
      #expect(text.contains("\"p\":"))
      #expect(try JSONText.decode(McNemar.self, from: text.utf8) == found)
    }
  }

  @Test func `Student's t and the corrected interval are SciPy's`() throws {
    #expect(golden.quantiles.count == 10 && golden.folded.count == 3)
    for quantile in golden.quantiles {
      let found = StudentT(freedom: quantile.freedom).quantile(0.975)
      #expect(abs(found / quantile.t - 1) < 1e-10, "\(quantile): \(found)")
    }
    for folded in golden.folded {
      let found = try #require(FoldedDifference(folded.differences, testShare: folded.share))
      #expect(abs(found.interval.lower - folded.lower) < 1e-10, "\(folded): \(found)")
      #expect(abs(found.interval.upper - folded.upper) < 1e-10, "\(folded): \(found)")
    }
    #expect(FoldedDifference([0.1], testShare: 1) == nil)
    #expect(FoldedDifference([0.1, .nan], testShare: 1) == nil)
  }
}
