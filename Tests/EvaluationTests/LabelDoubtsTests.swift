import FoundationEssentials
import Support
import Testing

@testable import Evaluation

/// Against cleanlab; `Tests/Golden/doubts.py` made the values.
@Suite struct LabelDoubtsTests {
  struct Reference: Decodable {
    let labels: [Int]
    let probabilities: [[Double]]
    let thresholds: [Double]
    let joint: [[Int]]
    let doubtful: [Int]
    let order: [Int]

    var predictions: Predictions {
      var predictions = Predictions(classes: ["a", "b", "c", "d"])
      for (row, label) in labels.enumerated() {
        predictions.append(sample: row, labels: [label], probabilities: probabilities[row])
      }
      return predictions
    }
  }

  private static func reference() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(Golden.bytes("doubts.json")))
  }

  @Test func `thresholds and the confident joint are cleanlab's`() throws {
    let reference = try Self.reference()
    let joint = ConfidentJoint(reference.predictions)
    for (own, expected) in zip(joint.thresholds, reference.thresholds) {
      #expect(abs(own - expected) < 1e-12)
    }
    #expect(joint.counts == reference.joint)
  }

  @Test func `doubtful photos and their order are cleanlab's`() throws {
    let reference = try Self.reference()
    let doubts = LabelDoubts(reference.predictions)
    #expect(doubts.photos.map(\.row) == reference.order)
    #expect(doubts.doubtful.map(\.row).sorted() == reference.doubtful)
  }

  @Test func `a label that nothing contradicts isn't doubtful`() {
    var predictions = Predictions(classes: ["a", "b"])
    for row in 0..<6 {
      predictions.append(
        sample: row, labels: [row % 2], probabilities: row % 2 == 0 ? [0.9, 0.1] : [0.2, 0.8])
    }
    #expect(LabelDoubts(predictions).doubtful.isEmpty)
    predictions.append(sample: 6, labels: [0], probabilities: [0.1, 0.9])
    #expect(LabelDoubts(predictions).doubtful.map(\.row) == [6])
    #expect(LabelDoubts(predictions).photos[0].suggestion == 1)
  }

  @Test func `a class without photos takes none`() {
    var predictions = Predictions(classes: ["a", "b", "c"])
    for row in 0..<4 {
      predictions.append(
        sample: row, labels: [row % 2],
        probabilities: row % 2 == 0 ? [0.6, 0.1, 0.3] : [0.1, 0.5, 0.4])
    }
    let joint = ConfidentJoint(predictions)
    #expect(joint.thresholds[2] == .infinity)
    #expect(joint.counts == [[2, 0, 0], [0, 2, 0], [0, 0, 0]])
  }
}
