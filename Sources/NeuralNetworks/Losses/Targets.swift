/// What the samples of a micro-batch are, for the loss: a label for each, or two that were mixed, and
/// what each sample counts.
package struct Targets: Equatable, Sendable {
  /// The other label of each sample, where photos were mixed two by two: Zhang et al., "mixup: beyond
  /// empirical risk minimization", 2018; Yun et al., "CutMix: regularization strategy to train strong
  /// classifiers with localizable features", 2019.
  package struct SecondLabels: Equatable, Sendable {
    package let labels: [Int]
    /// λ of each sample: the share of its first label, 0...1. This one has `1 − λ`.
    package let firstShares: [Float]

    /// A sample that isn't mixed has a share of one, or its first label again.
    package init(_ labels: [Int], firstShares: [Float]) {
      precondition(
        labels.count == firstShares.count,
        "\(firstShares.count) shares for \(labels.count) second labels")
      precondition(
        firstShares.allSatisfy { (0...1).contains($0) }, "shares outside 0...1: \(firstShares)")
      self.labels = labels
      self.firstShares = firstShares
    }
  }

  package let labels: [Int]
  /// Nil where no sample is mixed.
  package let second: SecondLabels?
  /// What each sample counts in the loss, in its gradient, and in the sum that both are divided by;
  /// nil for ones.
  package let weights: [Float]?

  package init(_ labels: [Int], second: SecondLabels? = nil, weights: [Float]? = nil) {
    if let second {
      precondition(
        second.labels.count == labels.count,
        "\(second.labels.count) second labels for \(labels.count) samples")
    }
    if let weights {
      precondition(
        weights.count == labels.count, "\(weights.count) weights for \(labels.count) samples")
    }
    self.labels = labels
    self.second = second
    self.weights = weights
  }

  /// How many samples there are.
  package var count: Int { labels.count }
}
