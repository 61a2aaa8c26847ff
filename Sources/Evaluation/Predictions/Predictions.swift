import Glibc

/// What a model says of labelled photos, in the order of their list.
///
/// Ranks own neighbouring photos of the list, so the ranks' arrays one after the other are the
/// list's. Whatever is summed over photos is summed there, one by one in Double, and comes to the
/// same bits for any number of ranks.
package struct Predictions: Equatable, Sendable {
  package let classes: [String]
  /// From which probability on a photo is said to have each class, where it may have several, or none. Nil: each
  /// photo has one label.
  package let thresholds: [Double]?
  /// Indices into the dataset's samples.
  package private(set) var samples: [Int]
  /// 0, which means nothing, where photos have several.
  package private(set) var labels: [Int]
  /// `[samples, classes]`, row-major: 1 for each class that a photo has. Empty where each has one label.
  package private(set) var truths: [UInt8]
  /// `[samples, classes]`, row-major: the softmax of the logits, or with several labels the sigmoid of each.
  package private(set) var probabilities: [Double]
  /// −log p of each sample's label, also where p itself is too small for a number. With several labels binary
  /// cross-entropy, the mean over the classes.
  package private(set) var losses: [Double]

  /// Of no photos yet.
  package init(classes: [String], thresholds: [Double]? = nil) {
    self.init(
      classes: classes, thresholds: thresholds, samples: [], labels: [], probabilities: [],
      losses: [])
  }

  package init(
    classes: [String], thresholds: [Double]? = nil, samples: [Int], labels: [Int],
    truths: [UInt8] = [], probabilities: [Double], losses: [Double]
  ) {
    let numbers = samples.count * classes.count
    precondition(
      labels.count == samples.count && losses.count == samples.count
        && probabilities.count == numbers && truths.count == (thresholds == nil ? 0 : numbers),
      "\(labels.count) labels, \(losses.count) losses, \(probabilities.count) probabilities and \(truths.count) "
        + "truths of \(samples.count) photos and \(classes.count) classes")
    precondition(thresholds?.count ?? classes.count == classes.count, "a threshold for each class")
    self.classes = classes
    self.thresholds = thresholds
    self.samples = samples
    self.labels = labels
    self.truths = truths
    self.probabilities = probabilities
    self.losses = losses
  }

  /// The next photo, by its logits `[classes]`.
  package mutating func append(sample: Int, label: Int, logits: UnsafeBufferPointer<Float>) {
    append(sample: sample, labels: [label], logits: logits.map(Double.init)[...])
  }

  /// The next photo, by its logits or a mean of such.
  ///
  /// - Parameter own: its labels; one, unless photos may have several.
  package mutating func append(sample: Int, labels own: [Int], logits: ArraySlice<Double>) {
    precondition(logits.count == classes.count)
    note(sample, own)
    guard thresholds != nil else {
      // So that the largest exponential is 1, whatever the logits are.
      let largest = logits.reduce(-Double.infinity) { max($0, $1) }
      let exponentials = logits.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      probabilities += exponentials.map { $0 / sum }
      losses.append(largest + log(sum) - logits[logits.startIndex + own[0]])
      return
    }
    var loss = 0.0
    for (label, z) in logits.enumerated() {
      let odds = exp(-abs(z))
      probabilities.append(z >= 0 ? 1 / (1 + odds) : odds / (1 + odds))
      loss += max(own.contains(label) ? -z : z, 0) + log1p(odds)
    }
    losses.append(loss / Double(classes.count))
  }

  /// The next photo, by what was written of it.
  package mutating func append(sample: Int, labels own: [Int], probabilities given: [Double]) {
    precondition(given.count == classes.count)
    note(sample, own)
    probabilities += given
    losses.append(
      thresholds == nil ? -log(given[own[0]]) : Self.loss(given[...]) { own.contains($0) })
  }

  private mutating func note(_ sample: Int, _ own: [Int]) {
    precondition(own.allSatisfy(classes.indices.contains))
    samples.append(sample)
    guard thresholds != nil else {
      labels.append(own[0])
      return
    }
    labels.append(0)
    truths += classes.indices.map { own.contains($0) ? 1 : 0 }
  }

  /// Binary cross-entropy by probabilities alone, the mean over the classes. One that is nearer to 0 or 1
  /// counts as if it were 2⁻⁵² away, as with scikit-learn's `log_loss`.
  static func loss(_ probabilities: ArraySlice<Double>, has: (Int) -> Bool) -> Double {
    let least = 0x1p-52
    var loss = 0.0
    for (label, p) in probabilities.enumerated() {
      loss -= has(label) ? log(max(p, least)) : log(max(1 - p, least))
    }
    return loss / Double(probabilities.count)
  }

  /// The next photos.
  package mutating func append(_ others: Predictions) {
    precondition(others.classes == classes && others.thresholds == thresholds)
    samples += others.samples
    labels += others.labels
    truths += others.truths
    probabilities += others.probabilities
    losses += others.losses
  }

  /// The probability of each class for the photo in this row.
  package subscript(row: Int) -> ArraySlice<Double> {
    probabilities[(row * classes.count)..<((row + 1) * classes.count)]
  }

  package func probability(_ row: Int, of label: Int) -> Double {
    probabilities[row * classes.count + label]
  }

  /// The most probable class of the photo in this row.
  package func predicted(_ row: Int) -> Int { ConfusionMatrix.prediction(self[row]) }

  /// Whether no class of the photo in this row is as probable as the threshold.
  func isRejected(_ row: Int, below threshold: Double) -> Bool {
    (self[row].max() ?? 0) < threshold
  }

  package var scores: Scores { Scores(self) }

  /// Those of some rows, in their order.
  func selecting(_ rows: [Int]) -> Predictions {
    var some = Predictions(classes: classes, thresholds: thresholds)
    some.samples = rows.map { samples[$0] }
    some.labels = rows.map { labels[$0] }
    if thresholds != nil {
      some.truths = rows.flatMap { truths[($0 * classes.count)..<(($0 + 1) * classes.count)] }
    }
    some.probabilities = rows.flatMap { self[$0] }
    some.losses = rows.map { losses[$0] }
    return some
  }
}

// What photos have, and what is said that they have: one class each, or as many as it may be.
extension Predictions {
  /// Whether the photo in this row has a label.
  func has(_ label: Int, _ row: Int) -> Bool {
    thresholds == nil ? labels[row] == label : truths[row * classes.count + label] == 1
  }

  /// The labels of the photo in this row, ascending.
  package func labels(of row: Int) -> [Int] {
    thresholds == nil ? [labels[row]] : classes.indices.filter { has($0, row) }
  }

  /// The labels that it is said to have, ascending.
  package func predictedLabels(_ row: Int) -> [Int] {
    guard let thresholds else { return [predicted(row)] }
    return classes.indices.filter { probability(row, of: $0) >= thresholds[$0] }
  }

  /// Whether these are the same.
  package func isRight(_ row: Int) -> Bool { predictedLabels(row) == labels(of: row) }

  /// Labels as tables have them: `hat|shirt`, and nothing for none.
  package func text(of labels: [Int]) -> String {
    labels.map { classes[$0] }.joined(separator: "|")
  }

  /// What was said of all photos, beside what they are.
  package var tally: Tally {
    if thresholds != nil { return .labels(LabelTally(self)) }
    var matrix = ConfusionMatrix(classes: classes)
    for (row, label) in labels.enumerated() { matrix.add(label: label, predicted: predicted(row)) }
    return .classes(matrix)
  }
}
