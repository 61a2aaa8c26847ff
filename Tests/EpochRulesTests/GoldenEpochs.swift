import EpochRules
import Evaluation
import FoundationEssentials

/// What others' rules do epoch after epoch; `Tests/Golden/epoch_rules.py` made the values.
struct GoldenEpochs: Decodable {
  struct PlateauCase: Decodable {
    let mode: String
    let patience, cooldown: Int
    let factor, floor: Double
    let values, factors: [Double]
  }

  struct StoppingCase: Decodable {
    let mode: String
    let patience: Int
    let minDelta: Double
    let values: [Double]
    let end: Int?
  }

  let plateau: [PlateauCase]
  let earlyStopping: [StoppingCase]

  static func read(from file: String = #filePath) throws -> GoldenEpochs {
    let tests = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "Golden/epoch_rules.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(GoldenEpochs.self, from: data)
  }

  /// A metric that is the better the lower, or the higher.
  static func metric(_ mode: String) -> Metric { mode == "min" ? .loss : .accuracy }
}

extension EndedEpoch {
  /// One whose validation has this value for a metric, of up to five decimals where that is the accuracy.
  init(_ epoch: Int, _ value: Double, of metric: Metric) {
    let right = metric == .accuracy ? Int((value * 100_000).rounded()) : 1
    let matrix = ConfusionMatrix(classes: ["a", "b"], rows: [[right, 100_000 - right], [0, 0]])
    self.init(
      epoch: epoch, step: 10 * (epoch + 1), trainingLoss: 1, trainingAccuracy: 0,
      validation: Scores(matrix, loss: value))
  }
}
