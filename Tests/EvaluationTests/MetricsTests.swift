import Evaluation
import FoundationEssentials
import Testing

/// Against scikit-learn; `Tests/Golden/metrics.py` made the values.
@Suite struct MetricsTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let classes: Int
    let labels, predictions: [Int]
    /// By their keys in JSON.
    let metrics: [String: Double]
    let precision, recall, f1: [Double]
    let support: [Int]
    let confusionMatrix: [[Int]]

    var testDescription: String { name }

    static func all(from file: String = #filePath) throws -> [Case] {
      let tests = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
      let data = try Data(contentsOf: tests.appending(path: "Golden/metrics.json"))
      return try JSONDecoder().decode([Case].self, from: data)
    }
  }

  private func matrix(_ golden: Case) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: (0..<golden.classes).map { "class \($0)" })
    for (label, predicted) in zip(golden.labels, golden.predictions) {
      matrix.add(label: label, predicted: predicted)
    }
    return matrix
  }

  @Test(arguments: try Case.all()) func `scores agree with scikit-learn`(golden: Case) throws {
    let scores = Scores(
      matrix(golden), losses: golden.labels.map { _ in 0 })
    func equal(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-15 }
    #expect(scores.photos == golden.labels.count)
    #expect(scores.matrix?.rows == golden.confusionMatrix)
    for metric in scores.metrics where metric != .loss {
      let expected = try #require(golden.metrics[metric.key], "metrics.py lacks \(metric.key)")
      #expect(equal(scores[metric], expected), "\(metric.name)")
    }
    for (index, score) in scores.perClass.enumerated() {
      #expect(equal(score.precision, golden.precision[index]))
      #expect(equal(score.recall, golden.recall[index]))
      #expect(equal(score.f1, golden.f1[index]))
      #expect(score.support == golden.support[index])
    }
  }

  @Test func `scores of no photo are zero`() {
    let scores = Scores(ConfusionMatrix(classes: ["a", "b"]), losses: [])
    #expect(
      scores.metrics
        == Metric.ofOneLabel.filter { !$0.needsProbabilities && $0.applies(to: ["a", "b"]) })
    #expect(scores.metrics.count == 7)
    let none = Predictions(classes: ["awe", "fear"]).scores
    #expect(none.metrics.count > 10 && none.metrics.allSatisfy { none[$0] == 0 })
    for metric in scores.metrics { #expect(scores[metric] == 0, "\(metric.name)") }
  }

  @Test func `a name of its own for each metric, in recipes, JSON and tables`() {
    #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    #expect(Set(Metric.all.map(\.title)).count == Metric.all.count)
    #expect(
      Metric.all.allSatisfy {
        ![
          "photos", "per_class", "confusion_matrix", "confusions", "exact_matches",
          "multilabel_confusion_matrix", "calibration", "macro_f1_classes", "views", "plain",
        ].contains($0.key)
      })
  }

  @Test func `of equals the first stays, and no number is worse than any`() {
    #expect(Metric.accuracy.prefers(0.6, to: 0.5) && !Metric.accuracy.prefers(0.5, to: 0.5))
    #expect(Metric.loss.prefers(0.5, to: 0.6) && !Metric.loss.prefers(0.6, to: 0.5))
    for metric in [Metric.accuracy, .loss] {
      #expect(metric.prefers(0, to: .nan) && !metric.prefers(.nan, to: 0))
      #expect(!metric.prefers(.nan, to: .nan))
    }
  }

  @Test(
    arguments: [
      ([0, 3, 3], 1), ([2, 2, 2], 0), ([-5, -4], 1), ([.nan, -1, 2], 2), ([1, .nan, 0], 0),
      ([-.infinity, -.infinity], 0), ([.nan, .nan], 0),
    ] as [([Float], Int)])
  func `the lowest of the largest is predicted`(logits: [Float], expected: Int) {
    #expect(logits.withUnsafeBufferPointer { ConfusionMatrix.prediction($0) } == expected)
  }
}
