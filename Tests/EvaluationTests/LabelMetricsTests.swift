import Evaluation
import Files
import FoundationEssentials
import Support
import Testing

/// Photos with several labels, against scikit-learn; `Tests/Golden/label_metrics.py` made the values.
@Suite struct LabelMetricsTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let truth: [[Int]]
    let probabilities: [[Double]]
    let thresholds: [Double]
    /// By their keys in JSON.
    let metrics: [String: Double]
    let precision, recall, f1: [Double]
    let support: [Int]
    let averagePrecision: [Double?]
    /// Of each label, the threshold of the largest F1, and that.
    let best: [[Double]?]
    let matrices: [[[Int]]]

    var testDescription: String { name }

    static func all() throws -> [Case] {
      try JSONDecoder().decode([Case].self, from: Data(Golden.bytes("label_metrics.json")))
    }

    var classes: [String] { thresholds.indices.map { "label \($0)" } }

    var predictions: Predictions {
      var predictions = Predictions(classes: classes, thresholds: thresholds)
      for (row, own) in truth.enumerated() {
        predictions.append(
          sample: row, labels: own.indices.filter { own[$0] == 1 },
          probabilities: probabilities[row])
      }
      return predictions
    }
  }

  private struct Written: Decodable {
    let matrices: [[[Int]]]
    let exact: Int

    private enum CodingKeys: String, CodingKey {
      case matrices = "multilabel_confusion_matrix"
      case exact = "exact_matches"
    }
  }

  @Test(arguments: try Case.all()) func `scores agree with scikit-learn`(golden: Case) throws {
    let scores = golden.predictions.scores
    func equal(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-12 }
    #expect(scores.photos == golden.truth.count)
    #expect(scores.metrics.map(\.key).sorted() == golden.metrics.keys.sorted())
    for metric in scores.metrics {
      let expected = try #require(golden.metrics[metric.key])
      #expect(equal(scores[metric], expected), "\(metric.name)")
    }
    for (index, score) in scores.perClass.enumerated() {
      #expect(equal(score.precision, golden.precision[index]))
      #expect(equal(score.recall, golden.recall[index]))
      #expect(equal(score.f1, golden.f1[index]))
      #expect(score.support == golden.support[index])
      guard let ranking = score.ranking, let average = golden.averagePrecision[index],
        let best = golden.best[index]
      else {
        #expect(score.ranking == nil && golden.averagePrecision[index] == nil)
        continue
      }
      #expect(equal(ranking.averagePrecision, average))
      #expect(equal(ranking.bestThreshold, best[0]) && equal(ranking.bestF1, best[1]))
    }
    let text = try JSONText.encode(scores)
    let written = try JSONDecoder().decode(Written.self, from: Data(text.utf8))
    #expect(written.matrices == golden.matrices)
    let read: Scores = try JSONText.decode(from: Array(text.utf8))
    #expect(read == scores && read.matrix == nil)
  }

  @Test func `probabilities are sigmoids, and a loss is that of logits however large`() {
    var predictions = Predictions(classes: ["a", "b"], thresholds: [0.5, 0.5])
    predictions.append(sample: 0, labels: [0], logits: [1, -2])
    predictions.append(sample: 1, labels: [], logits: [800, -1e4])
    #expect(abs(predictions.probabilities[0] - 0.7310585786300049) < 1e-15)
    #expect(abs(predictions.probabilities[1] - 0.11920292202211755) < 1e-15)
    #expect(abs(predictions.losses[0] - (0.31326168751822286 + 0.1269280110429725) / 2) < 1e-15)
    #expect(predictions.losses[1] == 400)
    #expect(predictions.labels(of: 1) == [] && predictions.predictedLabels(1) == [0])
    #expect(predictions.isRight(0) && !predictions.isRight(1))
  }

  @Test func `an ensemble's sigmoids are the members' mean, and its loss is of that`() {
    func member(_ logits: [Double]) -> Predictions {
      var predictions = Predictions(classes: ["a", "b"], thresholds: [0.5, 0.3])
      predictions.append(sample: 4, labels: [1], logits: logits[...])
      return predictions
    }
    let both = Predictions(ensembleOf: [member([0, 0]), member([800, -900])])
    #expect(both.probabilities == [0.75, 0.25] && both.predictedLabels(0) == [0])
    // −(log 0.25 + log 0.25) / 2
    #expect(abs(both.losses[0] - 1.3862943611198906) < 1e-15)
    #expect(Predictions(ensembleOf: [member([3, 800])]) == member([3, 800]))
    let sure = Predictions(ensembleOf: [member([900, 1]), member([900, 1])])
    #expect(sure.losses[0].isFinite && sure.losses[0] > 18)
  }

  @Test func `tables have labels with bars between them, JSON lists, and the worst first`() throws {
    var predictions = Predictions(classes: ["a", "b", "c"], thresholds: [0.5, 0.5, 0.9])
    predictions.append(sample: 0, labels: [0, 2], logits: [2, 3, 1])
    predictions.append(sample: 1, labels: [], logits: [-1, -1, -1])
    predictions.append(sample: 2, labels: [1], logits: [-9, -9, -9])
    let photos = LabelledPhotos(predictions, paths: ["x.jpg", "y.jpg", "z.jpg"])
    let lines = photos.csv.split(separator: "\n")
    #expect(lines[1].hasPrefix("x.jpg,a|c,a|b,") && lines[2].hasPrefix("y.jpg,,,"))
    #expect(photos.mistakes(atMost: 9) == [2, 0])
    let told = PhotoPredictions(predictions, of: ["x.jpg", "y.jpg", "z.jpg"])
    #expect(told.csv.split(separator: "\n")[1].hasPrefix("x.jpg,a|b,0.88"))
    let json = try told.json()
    #expect(
      json.contains(#""predicted":["a","b"]"#) && json.contains(#""predicted":[]"#), "\(json)")
  }
}
