import Kernels
import Tensors

/// What samples are, for the loss: a label for each, two that were mixed, or a soft label, and what each
/// sample counts.
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
  /// `[N, classes]`: the share of each class, of sum one, which counts in the place of the labels. One that is
  /// of its label alone has a row of 0 and 1. Nil where no sample has others.
  package let softLabels: [Float]?
  /// What each sample counts in the loss, in its gradient, and in the sum that both are divided by;
  /// nil for ones.
  package let weights: [Float]?
  /// `[N, classes]`: what a teacher says of the samples, as they were mixed; nil without one.
  package var teacher: [Float]?

  /// - Parameter softLabels: where there are some, there are no second labels: what is mixed of them is a
  ///   soft label again.
  package init(
    _ labels: [Int], second: SecondLabels? = nil, softLabels: [Float]? = nil,
    weights: [Float]? = nil
  ) {
    if let second {
      precondition(
        second.labels.count == labels.count,
        "\(second.labels.count) second labels for \(labels.count) samples")
    }
    if let softLabels {
      precondition(second == nil, "second labels beside soft ones")
      precondition(
        labels.isEmpty ? softLabels.isEmpty : softLabels.count.isMultiple(of: labels.count),
        "\(softLabels.count) shares for \(labels.count) samples")
      precondition(softLabels.allSatisfy { (0...1).contains($0) }, "shares outside 0...1")
    }
    if let weights {
      precondition(
        weights.count == labels.count, "\(weights.count) weights for \(labels.count) samples")
    }
    self.labels = labels
    self.second = second
    self.softLabels = softLabels
    self.weights = weights
  }

  /// For the kernels, which don't look whether they are of logits `[N, classes]` and of weights of as many classes:
  /// that is made sure of here.
  func checked(for logits: Shape, classWeights: [Float]?) -> LossTargets {
    precondition(logits[0] == count, "\(count) targets for \(logits)")
    precondition(
      softLabels.map { $0.count == logits.count } ?? true,
      "\(softLabels?.count ?? 0) shares for \(logits)")
    precondition(
      classWeights.map { $0.count == logits[1] } ?? true,
      "\(classWeights?.count ?? 0) weights of classes for \(logits)")
    return LossTargets(
      labels, second: second.map { ($0.labels, $0.firstShares) }, softLabels: softLabels,
      weights: weights)
  }

  /// What each sample adds to what a loss is divided by: its weight, times those of its classes where these are
  /// the divisor.
  func divisorWeights(_ divisor: LossDivisor, classWeights: [Float]?) -> [Double] {
    labels.indices.map { sample in
      let weight = Double(weights?[sample] ?? 1)
      guard let classWeights, divisor == .weights else { return weight }
      if let softLabels {
        let first = sample * classWeights.count
        return classWeights.indices.reduce(0) {
          $0 + weight * Double(classWeights[$1]) * Double(softLabels[first + $1])
        }
      }
      let own = Double(classWeights[labels[sample]])
      guard let second else { return weight * own }
      let share = Double(second.firstShares[sample])
      return weight
        * (share * own + (1 - share) * Double(classWeights[second.labels[sample]]))
    }
  }

  /// How many samples there are.
  package var count: Int { labels.count }

  /// Those of some of the samples, none of which is mixed.
  package subscript(samples: [Int]) -> Targets {
    precondition(second == nil, "mixed samples can't be told apart")
    let classes = (softLabels?.count ?? 0) / max(count, 1)
    return Targets(
      samples.map { labels[$0] },
      softLabels: softLabels.map { rows in
        samples.flatMap { rows[($0 * classes)..<(($0 + 1) * classes)] }
      }, weights: weights.map { weights in samples.map { weights[$0] } })
  }
}
