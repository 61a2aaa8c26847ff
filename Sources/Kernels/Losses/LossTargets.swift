/// What the samples of a batch are, for its loss, and what each counts. Nobody checks here that the numbers of
/// samples and classes agree.
package struct LossTargets {
  /// The label of each sample.
  package let labels: [Int]
  /// The other label of each sample and λ, the first one's share, 0...1; nil where no sample is mixed, which
  /// gives the bits of second labels that have no share or are the first again.
  package let second: (labels: [Int], firstShares: [Float])?
  /// `[N, K]`, each row of sum one, in the place of the labels; nil where no sample has one, which gives the
  /// bits of rows of 0 and 1.
  package let softLabels: [Float]?
  /// One for each sample, or nil for ones.
  package let weights: [Float]?

  package init(
    _ labels: [Int], second: (labels: [Int], firstShares: [Float])? = nil,
    softLabels: [Float]? = nil, weights: [Float]? = nil
  ) {
    self.labels = labels
    self.second = second
    self.softLabels = softLabels
    self.weights = weights
  }
}
