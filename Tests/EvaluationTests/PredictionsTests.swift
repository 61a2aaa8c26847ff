import Evaluation
import Testing

@Suite struct PredictionsTests {
  private func predictions(_ rows: [(label: Int, logits: [Float])]) -> Predictions {
    var predictions = Predictions(classes: (0..<(rows.first?.logits.count ?? 2)).map { "\($0)" })
    for (sample, row) in rows.enumerated() {
      row.logits.withUnsafeBufferPointer {
        predictions.append(sample: sample + 10, label: row.label, logits: $0)
      }
    }
    return predictions
  }

  /// The values are those of `torch.softmax` and `cross_entropy` in float64.
  @Test func `probabilities are the softmax`() {
    let predictions = predictions([(2, [1, 2, 3]), (0, [0.5, -0.25, 0])])
    let expected = [
      0.09003057317038045, 0.24472847105479764, 0.6652409557748218,
      0.48102426325336967, 0.22721977301778057, 0.29175596372884977,
    ]
    #expect(predictions.samples == [10, 11])
    #expect(predictions.labels == [2, 0])
    for (value, expected) in zip(predictions.probabilities, expected) {
      #expect(abs(value - expected) < 1e-15)
    }
    for (loss, expected) in zip(predictions.losses, [0.4076059644443801, 0.7318375667944002]) {
      #expect(abs(loss - expected) < 1e-15)
    }
  }

  /// Logits far apart lose neither the sum nor the loss.
  @Test func `large logits stay finite`() {
    let predictions = predictions([(1, [3e4, -3e4]), (0, [1e38, -1e38])])
    #expect(predictions.probabilities == [1, 0, 1, 0])
    #expect(predictions.losses == [6e4, 0])
  }

  @Test func `a NaN shows in the loss`() {
    let predictions = predictions([(0, [.nan, 1]), (1, [0, 1])])
    #expect(predictions.scores[.loss].isNaN)
    #expect(predictions.scores.photos == 2)
  }

  @Test func `scores are those of the most probable class`() {
    let rows: [(Int, [Float])] = [(0, [1, 1]), (0, [-1, 1]), (1, [-2, -1]), (1, [0, 7])]
    let predictions = predictions(rows)
    #expect((0..<4).map(predictions.predicted) == [0, 1, 1, 1])
    #expect(predictions.scores.matrix?.rows == [[1, 1], [0, 2]])
    #expect(predictions.scores[.accuracy] == 0.75)
    #expect(predictions.scores[.loss] == predictions.losses.reduce(0, +) / 4)
  }

  /// Numbers for which another order or a sum of ranks' sums gives other bits.
  @Test func `losses are summed in the list's order`() {
    let losses = [1e16, 1, 1, 1, -1e16, 0.1, 0.2, 0.3]
    let predictions = Predictions(
      classes: ["a"], samples: Array(0..<8), labels: Array(repeating: 0, count: 8),
      probabilities: Array(repeating: 1, count: 8), losses: losses)
    #expect(predictions.scores[.loss] == losses.reduce(0, +) / 8)
    #expect(losses.reversed().reduce(0, +) != losses.reduce(0, +))
  }

  /// Between −log of 1/2 and a probability that is no number any more, the mean is half of the half.
  @Test func `an ensemble is the mean of probabilities`() {
    let members = [
      predictions([(0, [0, 0]), (1, [0, 0]), (1, [1e4, 0])]),
      predictions([(0, [log3, 0]), (1, [1e4, 0]), (1, [1e4, 0])]),
    ]
    let ensemble = Predictions(ensembleOf: members)
    #expect(ensemble.samples == [10, 11, 12] && ensemble.labels == [0, 1, 1])
    for (value, expected) in zip(ensemble.probabilities, [0.625, 0.375, 0.75, 0.25, 1, 0]) {
      #expect(abs(value - expected) < 1e-7)
    }
    for (loss, expected) in zip(ensemble.losses, [0.47000362924573563, 1.3862943611198906, 1e4]) {
      #expect(abs(loss - expected) < 1e-7)
    }
  }

  @Test func `an ensemble of one is that one`() {
    let alone = predictions([(2, [1, 2, 3]), (0, [0.5, -0.25, 0])])
    #expect(Predictions(ensembleOf: [alone]) == alone)
  }

  private let log3: Float = 1.0986123

  @Test func `classes that are one key are told`() {
    let predictions = Predictions(
      classes: ["caf\u{E9}", "cafe\u{301}"], samples: [0], labels: [0],
      probabilities: [0.25, 0.75], losses: [0])
    let photos = PhotoPredictions(predictions, of: ["a.jpg"])
    #expect(throws: TwinClasses.self) { try photos.json() }
    #expect(photos.csv.hasSuffix("a.jpg,cafe\u{301},0.25,0.75\n"))
  }
}
