import Evaluation
import FoundationEssentials
import Testing

/// Against scikit-learn; `Tests/Golden/metrics.py` made the values.
@Suite struct MetricsTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let classes: Int
    let labels, predictions: [Int]
    let accuracy, balancedAccuracy, macroF1, weightedF1: Double
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

  private func matrix(_ golden: Case, _ range: Range<Int>) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: (0..<golden.classes).map { "class \($0)" })
    for index in range {
      matrix.add(label: golden.labels[index], predicted: golden.predictions[index])
    }
    return matrix
  }

  @Test(arguments: try Case.all()) func agreeWithScikitLearn(golden: Case) {
    let scores = Scores(
      matrix(golden, golden.labels.indices), losses: golden.labels.map { _ in 0 })
    func equal(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-15 }
    #expect(scores.photos == golden.labels.count)
    #expect(scores.confusionMatrix == golden.confusionMatrix)
    #expect(equal(scores.accuracy, golden.accuracy))
    #expect(equal(scores.balancedAccuracy, golden.balancedAccuracy))
    #expect(equal(scores.macroF1, golden.macroF1))
    #expect(equal(scores.weightedF1, golden.weightedF1))
    for (index, score) in scores.perClass.enumerated() {
      #expect(equal(score.precision, golden.precision[index]))
      #expect(equal(score.recall, golden.recall[index]))
      #expect(equal(score.f1, golden.f1[index]))
      #expect(score.support == golden.support[index])
    }
  }

  /// Parts of the photos, added as flat counts, come to the same matrix.
  @Test(arguments: try Case.all()) func partsAddUp(golden: Case) {
    let whole = matrix(golden, golden.labels.indices)
    for cut in [0, golden.labels.count / 2, golden.labels.count] {
      let parts = [matrix(golden, 0..<cut), matrix(golden, cut..<golden.labels.count)]
      let counts = zip(parts[0].counts, parts[1].counts).map { $0 + $1 }
      #expect(ConfusionMatrix(classes: whole.classes, counts: counts) == whole)
    }
  }

  @Test func nothingIsZero() {
    let scores = Scores(ConfusionMatrix(classes: ["a", "b"]), losses: [])
    #expect([scores.accuracy, scores.balancedAccuracy, scores.macroF1] == [0, 0, 0])
    #expect([scores.weightedF1, scores.loss] == [0, 0])
  }

  @Test(
    arguments: [
      ([0, 3, 3], 1), ([2, 2, 2], 0), ([-5, -4], 1), ([.nan, -1, 2], 2), ([1, .nan, 0], 0),
      ([-.infinity, -.infinity], 0), ([.nan, .nan], 0),
    ] as [([Float], Int)])
  func theLowestOfTheLargestIsPredicted(logits: [Float], expected: Int) {
    #expect(logits.withUnsafeBufferPointer { ConfusionMatrix.prediction($0) } == expected)
  }
}
