import Files
import FoundationEssentials
import Support
import Testing

@testable import Evaluation

/// Probabilities of photos with one label each, against scikit-learn; `Tests/Golden/probability_metrics.py` made the values.
@Suite struct ProbabilityMetricsTests {
  struct Case: Decodable, CustomTestStringConvertible {
    struct Bin: Decodable {
      let photos: Int
      let confidence, accuracy: Double?
    }
    let name: String
    let classes: [String]
    let labels: [Int]
    let probabilities: [[Double]]
    /// By their keys in JSON.
    let metrics: [String: Double]
    let bins: [Bin]

    var testDescription: String { name }

    static func all() throws -> [Case] {
      try JSONDecoder().decode([Case].self, from: Data(Golden.bytes("probability_metrics.json")))
    }

    var predictions: Predictions {
      var predictions = Predictions(classes: classes)
      for (row, label) in labels.enumerated() {
        predictions.append(sample: row, labels: [label], probabilities: probabilities[row])
      }
      return predictions
    }
  }

  private static let ofTheMatrix: Set = [
    "accuracy", "balanced_accuracy", "macro_f1", "weighted_f1", "cohen_kappa", "loss",
  ]

  @Test(arguments: try Case.all()) func `scores agree with scikit-learn`(golden: Case) throws {
    let scores = golden.predictions.scores
    let named = scores.metrics.map(\.key).filter { !Self.ofTheMatrix.contains($0) }
    #expect(Set(named) == Set(golden.metrics.keys).subtracting(["loss"]))
    for metric in scores.metrics {
      guard let expected = golden.metrics[metric.key] else { continue }
      #expect(
        abs(scores[metric] - expected) < 1e-12, "\(metric.name) \(scores[metric]) \(expected)")
    }
    let bins = try #require(scores.calibration).bins
    #expect(bins.map(\.photos) == golden.bins.map(\.photos))
    for (bin, expected) in zip(bins, golden.bins) {
      #expect((bin.confidence == nil) == (expected.confidence == nil))
      #expect(abs((bin.confidence ?? 0) - (expected.confidence ?? 0)) < 1e-12)
      #expect(abs((bin.accuracy ?? 0) - (expected.accuracy ?? 0)) < 1e-12)
    }
    #expect(try JSONText.decode(Scores.self, from: JSONText.encode(scores).utf8) == scores)
  }

  /// Photos of which some count several times and some not at all are those photos, so often.
  @Test(arguments: try Case.all()) func `weights are photos that are there several times`(
    golden: Case
  ) {
    let all = golden.predictions
    let weights = all.samples.map { Int32(($0 * 7 + 3) % 4) }
    let drawn = all.selecting(
      zip(all.samples, weights).flatMap { [Int](repeating: $0, count: Int($1)) })
    let (own, expected) = (
      PhotoTerms(all).values(Metric.ofOneLabel, weights), drawn.scores
    )
    for (metric, value) in zip(Metric.ofOneLabel, own) where metric != .loss {
      #expect(value.isNaN == expected[metric].isNaN, "\(metric.name)")
      #expect(value.isNaN || abs(value - expected[metric]) < 1e-12, "\(metric.name)")
    }
  }

  @Test func `a file of an earlier version has what its matrix tells, and no more`() throws {
    let older = """
      {"accuracy":0.75,"confusion_matrix":[[1,1],[0,2]],"loss":0.1,"macro_f1":0.7,"per_class":[\
      {"f1":0.6,"name":"Awe","precision":1,"recall":0.5,"support":2},\
      {"f1":0.8,"name":"Fear","precision":0.6,"recall":1,"support":2}],"photos":4}
      """
    let scores = try JSONText.decode(Scores.self, from: older.utf8)
    #expect(abs(scores[.matthewsCorrelation] - 0.5773502691896258) < 1e-15)
    #expect(scores[.polarityAccuracy] == 0.75 && scores[.wheelDistance] == 0.5)
    for metric in [Metric.auroc, .brierScore, .calibrationError, .meanAveragePrecision] {
      #expect(!scores.metrics.contains(metric) && scores[metric].isNaN)
    }
    #expect(scores.calibration == nil)
  }

  @Test func `probabilities that are no numbers are told, and end nothing`() {
    var predictions = Predictions(classes: ["a", "b", "c", "d"])
    predictions.append(sample: 0, labels: [1], probabilities: [.nan, .nan, .nan, .nan])
    predictions.append(sample: 1, labels: [2], probabilities: [0.25, .nan, 0.5, 0])
    predictions.append(sample: 2, labels: [0], probabilities: [.infinity, 0, 0, 0])
    let scores = predictions.scores
    #expect(scores[.brierScore].isNaN && scores[.calibrationError].isNaN)
    #expect(scores[.top3Accuracy] == 2.0 / 3 && scores[.auroc].isFinite)
  }

  @Test func `emotions are told by their names, in whatever letters`() {
    for classes in [["awe", "joy"], ["awe"], ["awe", "Awe"]] {
      #expect(!Metric.wheelDistance.applies(to: classes), "\(classes)")
    }
    #expect(Metric.wheelDistance.applies(to: ["Awe", "SADNESS"]))
    // All the way around: amusement's neighbours are contentment and anger.
    #expect(Emotions.steps(0, 1) == 1 && Emotions.steps(0, 7) == 1 && Emotions.steps(2, 6) == 4)
    #expect(Metric.top5Accuracy.applies(to: Emotions.wheel))
    #expect(!Metric.top5Accuracy.applies(to: Array(Emotions.wheel.prefix(5))))
  }

  @Test func `confidences at the borders are in the lower bin`() {
    for bin in 0..<15 {
      #expect(Calibration.bin(of: Double(bin + 1) / 15) == bin)
      #expect(Calibration.bin(of: (Double(bin) / 15).nextUp) == bin)
    }
    #expect(Calibration.bin(of: 0) == 0 && Calibration.bin(of: .nan) == 0)
    #expect(Calibration.bin(of: .infinity) == 14)
  }
}
