import Datasets
import Evaluation
package import Runs

/// What came out of a probe: `scores.json`.
package struct ProbeResult: Encodable, Equatable, Sendable {
  /// By each fold's linear head, which was fitted in so many iterations.
  package let linear: CrossvalResult
  /// By each fold's regularised head.
  package let regularised: CrossvalResult
  /// C of each fold's linear head, chosen on photos that are set apart in the fold.
  package let inversePenalties: [Double]
  /// C of the model's head.
  package let inversePenalty: Double

  private enum CodingKeys: String, CodingKey {
    case linear, regularised
    case inversePenalties = "inverse_penalties"
    case inversePenalty = "inverse_penalty"
  }
}

extension Predictions {
  /// What a fold's head says of the photos that the fold holds out.
  ///
  /// - Parameter logits: `[photos, classes]`
  init(of samples: [Int], logits: [Float], dataset: Dataset) {
    self.init(classes: dataset.classes)
    let classes = dataset.classes.count
    logits.withUnsafeBufferPointer { logits in
      for (row, sample) in samples.enumerated() {
        append(
          sample: sample, label: dataset.samples[sample].label,
          logits: UnsafeBufferPointer(rebasing: logits[(row * classes)..<((row + 1) * classes)]))
      }
    }
  }
}
