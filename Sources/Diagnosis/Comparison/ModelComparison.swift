package import Evaluation

/// Which of two models, or of two ways to train, says more of the same photos that is right.
package struct ModelComparison: Encodable, Sendable {
  package enum Verdict: String, Encodable, Sendable {
    case firstIsBetter = "first_is_better"
    case secondIsBetter = "second_is_better"
    /// Chance makes such a difference.
    case notApart = "not_apart"
  }

  /// Where the two stand.
  package let first: String
  package let second: String
  package let paired: PairedComparison
  /// The metric that tells.
  package let decidedBy: Metric
  package let difference: ScoreDifference
  /// Of cross-validations by one table of folds.
  package let folded: FoldedDifference?

  /// - Parameter metric: the one that tells.
  /// - Returns: nil where that has no value for these photos.
  package init?(_ first: String, _ second: String, _ paired: PairedComparison, by metric: Metric) {
    guard let difference = paired[metric] else { return nil }
    self.first = first
    self.second = second
    self.paired = paired
    decidedBy = metric
    self.difference = difference
    folded = paired.overFolds(metric)
  }

  /// A difference counts if the photos leave no doubt of it, and where there are folds, these neither.
  package var verdict: Verdict {
    guard difference.isReal, folded?.isReal ?? true else { return .notApart }
    return (difference.difference > 0) == (decidedBy.direction == .higherIsBetter)
      ? .secondIsBetter : .firstIsBetter
  }

  private enum CodingKeys: String, CodingKey {
    case first, second, photos, groups, verdict, metrics, classes, mcnemar
    case decidedBy = "decided_by"
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// A metric's difference, and over the folds.
  private struct Row: Encodable {
    let difference: ScoreDifference
    let folds: FoldedDifference?

    private enum CodingKeys: String, CodingKey { case folds }

    func encode(to encoder: any Encoder) throws {
      try difference.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(folds, forKey: .folds)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(second, forKey: .second)
    try container.encode(paired.photos, forKey: .photos)
    try container.encodeIfPresent(paired.groups, forKey: .groups)
    try container.encode(decidedBy.key, forKey: .decidedBy)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(paired.classes, forKey: .classes)
    try container.encode(paired.mcNemar, forKey: .mcnemar)
    var metrics = container.nestedContainer(keyedBy: Key.self, forKey: .metrics)
    for (metric, difference) in paired.metrics {
      try metrics.encode(
        Row(difference: difference, folds: paired.overFolds(metric)),
        forKey: Key(stringValue: metric.key))
    }
  }
}
