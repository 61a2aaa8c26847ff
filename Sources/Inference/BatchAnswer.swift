import Datasets
import Evaluation
import Tensors

/// What is said of a batch's photos, by one view or by several together. A photo that can't be used has
/// its place in the logits, so that the others' bits don't depend on it, and none in the predictions.
struct BatchAnswer {
  /// `[photos, classes]`; empty for a mean of probabilities, which needs none.
  private let logits: [Double]
  let predictions: Predictions

  init(_ logits: Tensor, _ batch: Batch, classes: [String]) {
    self.init(logits.values.map(Double.init), batch, classes: classes)
  }

  private init(logits: [Double], _ predictions: Predictions) {
    self.logits = logits
    self.predictions = predictions
  }

  private init(_ logits: [Double], _ batch: Batch, classes: [String]) {
    var predictions = Predictions(classes: classes)
    for row in batch.labels.indices where batch.failures[row] == nil {
      predictions.append(
        sample: batch.samples[row], label: batch.labels[row],
        logits: logits[(row * classes.count)..<((row + 1) * classes.count)])
    }
    self.init(logits: logits, predictions)
  }

  /// The mean of several, added in their order.
  init(_ averaging: Averaging, of answers: [BatchAnswer], _ batch: Batch) {
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
        }, batch, classes: answers[0].predictions.classes)
    }
  }
}
