/// One class against the others.
package struct ClassScores: Codable, Equatable, Sendable {
  package let name: String
  /// Of the photos taken for this class, the share that is of it.
  package let precision: Double
  /// Of the photos of this class, the share that was taken for it.
  package let recall: Double
  /// The harmonic mean of the two: 2·TP / (2·TP + FP + FN).
  package let f1: Double
  /// Photos of this class.
  package let support: Int
  /// Where photos have several labels, how well this one's probabilities rank them; nil without photos of it.
  package let ranking: Ranking?
  /// Where the three probably lie; nil where nothing was drawn.
  package private(set) var intervals: Intervals?

  /// By the bootstrap.
  package struct Intervals: Codable, Equatable, Sendable {
    package let precision: Interval
    package let recall: Interval
    package let f1: Interval
  }

  /// What a label's probabilities tell, whatever threshold is chosen.
  package struct Ranking: Equatable, Sendable {
    /// Σ (R_n − R_{n−1})·P_n over all thresholds, from the highest: scikit-learn's `average_precision_score`.
    package let averagePrecision: Double
    /// The probability from which on F1 would be the largest, the highest of equals, and that F1.
    package let bestThreshold: Double
    package let bestF1: Double
    /// Of the photos that have the label against those that don't; nil where there are no such, or in a file of an
    /// earlier version.
    package let auroc: Double?
  }

  /// The same with intervals, or without.
  func with(_ intervals: Intervals?) -> ClassScores {
    var scores = self
    scores.intervals = intervals
    return scores
  }

  /// By counts, with `zero_division=0`: where a denominator is zero, the ratio is.
  init(name: String, hits: Int, support: Int, predicted: Int, ranking: Ranking? = nil) {
    self.name = name
    self.support = support
    self.ranking = ranking
    precision = ratio(hits, predicted)
    recall = ratio(hits, support)
    f1 = ratio(2 * hits, support + predicted)
  }

  private enum CodingKeys: String, CodingKey {
    case name, precision, recall, f1, support, intervals, auroc
    case averagePrecision = "average_precision"
    case bestThreshold = "best_threshold"
    case bestF1 = "best_f1"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    precision = try container.decode(Double.self, forKey: .precision)
    recall = try container.decode(Double.self, forKey: .recall)
    f1 = try container.decode(Double.self, forKey: .f1)
    support = try container.decode(Int.self, forKey: .support)
    ranking = try container.decodeIfPresent(Double.self, forKey: .averagePrecision).map {
      Ranking(
        averagePrecision: $0,
        bestThreshold: try container.decode(Double.self, forKey: .bestThreshold),
        bestF1: try container.decode(Double.self, forKey: .bestF1),
        auroc: try container.decodeIfPresent(Double.self, forKey: .auroc))
    }
    intervals = try container.decodeIfPresent(Intervals.self, forKey: .intervals)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(precision, forKey: .precision)
    try container.encode(recall, forKey: .recall)
    try container.encode(f1, forKey: .f1)
    try container.encode(support, forKey: .support)
    try container.encodeIfPresent(intervals, forKey: .intervals)
    guard let ranking else { return }
    try container.encode(ranking.averagePrecision, forKey: .averagePrecision)
    try container.encode(ranking.bestThreshold, forKey: .bestThreshold)
    try container.encode(ranking.bestF1, forKey: .bestF1)
    try container.encodeIfPresent(ranking.auroc, forKey: .auroc)
  }
}

/// A share; zero where the whole is.
func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}
