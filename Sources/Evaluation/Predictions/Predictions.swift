import Glibc

/// What a model says of labelled photos, in the order of their list.
///
/// Ranks own neighbouring photos of the list, so the ranks' arrays one after the other are the
/// list's. Whatever is summed over photos is summed there, one by one in Double, and comes to the
/// same bits for any number of ranks.
package struct Predictions: Equatable, Sendable {
  package let classes: [String]
  /// Indices into the dataset's samples.
  package private(set) var samples: [Int]
  package private(set) var labels: [Int]
  /// `[samples, classes]`, row-major: the softmax of the logits.
  package private(set) var probabilities: [Double]
  /// −log p of each sample's label, also where p itself is too small for a number.
  package private(set) var losses: [Double]

  /// Of no photos yet.
  package init(classes: [String]) {
    self.init(classes: classes, samples: [], labels: [], probabilities: [], losses: [])
  }

  package init(
    classes: [String], samples: [Int], labels: [Int], probabilities: [Double], losses: [Double]
  ) {
    precondition(
      labels.count == samples.count && losses.count == samples.count
        && probabilities.count == samples.count * classes.count,
      "\(labels.count) labels, \(losses.count) losses and \(probabilities.count) probabilities "
        + "of \(samples.count) photos and \(classes.count) classes")
    self.classes = classes
    self.samples = samples
    self.labels = labels
    self.probabilities = probabilities
    self.losses = losses
  }

  /// The next photo, by its logits `[classes]`.
  package mutating func append(sample: Int, label: Int, logits: UnsafeBufferPointer<Float>) {
    append(sample: sample, label: label, logits: logits.map(Double.init)[...])
  }

  /// The next photo, by its logits or a mean of such.
  package mutating func append(sample: Int, label: Int, logits: ArraySlice<Double>) {
    precondition(logits.count == classes.count && classes.indices.contains(label))
    // So that the largest exponential is 1, whatever the logits are.
    let largest = logits.reduce(-Double.infinity) { max($0, $1) }
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    samples.append(sample)
    labels.append(label)
    probabilities += exponentials.map { $0 / sum }
    losses.append(largest + log(sum) - logits[logits.startIndex + label])
  }

  /// The next photo, by what was written of it.
  mutating func append(sample: Int, label: Int, probabilities own: [Double]) {
    precondition(own.count == classes.count && classes.indices.contains(label))
    samples.append(sample)
    labels.append(label)
    probabilities += own
    losses.append(-log(own[label]))
  }

  /// The next photos.
  package mutating func append(_ others: Predictions) {
    precondition(others.classes == classes)
    samples += others.samples
    labels += others.labels
    probabilities += others.probabilities
    losses += others.losses
  }

  /// The probability of each class for the photo in this row.
  package subscript(row: Int) -> ArraySlice<Double> {
    probabilities[(row * classes.count)..<((row + 1) * classes.count)]
  }

  /// The most probable class of the photo in this row.
  package func predicted(_ row: Int) -> Int { ConfusionMatrix.prediction(self[row]) }

  /// Whether no class of the photo in this row is as probable as the threshold.
  func isRejected(_ row: Int, below threshold: Double) -> Bool {
    (self[row].max() ?? 0) < threshold
  }

  package var confusionMatrix: ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: classes)
    for (row, label) in labels.enumerated() { matrix.add(label: label, predicted: predicted(row)) }
    return matrix
  }

  package var scores: Scores { Scores(confusionMatrix, losses: losses) }
}
