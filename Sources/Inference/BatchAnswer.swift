import Datasets
import Evaluation
import Tensors

/// What is said of a batch's photos, by one view or by several together. A photo that can't be used has
/// its place in the logits, so that the others' bits don't depend on it, and none in the predictions.
struct BatchAnswer {
  /// `[photos, classes]`; empty for a mean of probabilities, which needs none.
  private let logits: [Double]
  let predictions: Predictions

  /// - Parameters:
  ///   - dataset: whose photos they are.
  ///   - none: predictions of no photos.
  init(_ logits: Tensor, _ batch: Batch, of dataset: Dataset, from none: Predictions) {
    self.init(logits.values.map(Double.init), batch, of: dataset, from: none)
  }

  private init(logits: [Double], _ predictions: Predictions) {
    self.logits = logits
    self.predictions = predictions
  }

  private init(_ logits: [Double], _ batch: Batch, of dataset: Dataset, from none: Predictions) {
    var predictions = none
    let classes = none.classes.count
    for (row, sample) in batch.samples.enumerated() where batch.failures[row] == nil {
      predictions.append(
        sample: sample, labels: dataset.samples[sample].labels,
        logits: logits[(row * classes)..<((row + 1) * classes)])
    }
    self.init(logits: logits, predictions)
  }

  /// By an ensemble's weights and temperature.
  init(_ mix: EnsembleMix, of answers: [BatchAnswer]) {
    self.init(logits: [], Predictions(ensembleOf: answers.map(\.predictions), by: mix))
  }

  /// The mean of several, added in their order.
  init(
    _ averaging: Averaging, of answers: [BatchAnswer], _ batch: Batch, of dataset: Dataset,
    from none: Predictions
  ) {
    guard answers.count > 1 else {
      self = answers[0]
      return
    }
    switch averaging {
    case .probabilities:
      self.init(logits: [], Predictions(ensembleOf: answers.map(\.predictions)))
    case .logits:
      let count = Double(answers.count)
      self.init(
        answers[0].logits.indices.map { place in
          answers.reduce(0) { $0 + $1.logits[place] } / count
        }, batch, of: dataset, from: none)
    }
  }
}
