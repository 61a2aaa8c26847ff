import Glibc

/// How little is known of photos, to choose those that a label would teach most: Settles, "Active learning literature
/// survey", 2009; the disagreement is BALD, Houlsby et al., "Bayesian active learning for classification and preference
/// learning", 2011.
///
/// With p the probabilities of a photo's classes and H(p) = −Σ p log p:
///
///     entropy       H of what all say together
///     margin        the most probable class's p minus the next one's; little is uncertain
///     disagreement  H(Σ wₘ pₘ) − Σ wₘ H(pₘ), how far the members are from one answer
///
/// Where photos have several labels, each is a question of its own: entropies and disagreements are summed, and the
/// margin is the least |p − (1 − p)|.
package struct AnswerUncertainty: Sendable {
  package enum Measure: String, CaseIterable, Sendable {
    case entropy, margin, disagreement
  }

  package let entropy: [Double]
  package let margin: [Double]
  /// Nil of one member.
  package let disagreement: [Double]?

  /// - Parameters:
  ///   - together: what all members say of the photos.
  ///   - members: what each says.
  ///   - weights: of each; nil for equal ones.
  package init(
    _ together: Predictions, members: [Predictions], weights: [Double]? = nil
  ) {
    let rows = together.samples.indices
    func questions(_ predictions: Predictions, _ row: Int) -> [[Double]] {
      predictions.thresholds == nil
        ? [Array(predictions[row])] : predictions[row].map { [1 - $0, $0] }
    }
    entropy = rows.map { questions(together, $0).reduce(0) { $0 + Self.entropy($1) } }
    margin = rows.map { row in
      questions(together, row).map { p in
        let ranked = p.sorted(by: >)
        return ranked[0] - ranked[1]
      }.min() ?? 0
    }
    guard members.count > 1 else {
      disagreement = nil
      return
    }
    let weights = weights ?? EnsembleMix.equalWeights(members.count)
    disagreement = rows.map { row in
      let each = members.map { questions($0, row) }
      return each[0].indices.reduce(0) { sum, question in
        let mean = each[0][question].indices.map { answer in
          zip(each, weights).reduce(0) { $0 + $1.1 * $1.0[question][answer] }
        }
        let own = zip(each, weights).reduce(0) { $0 + $1.1 * Self.entropy($1.0[question]) }
        return sum + max(0, Self.entropy(mean) - own)
      }
    }
  }

  /// Of some photos, in that order.
  package func rows(_ rows: [Int]) -> AnswerUncertainty {
    AnswerUncertainty(
      entropy: rows.map { entropy[$0] }, margin: rows.map { margin[$0] },
      disagreement: disagreement.map { values in rows.map { values[$0] } })
  }

  private init(entropy: [Double], margin: [Double], disagreement: [Double]?) {
    self.entropy = entropy
    self.margin = margin
    self.disagreement = disagreement
  }

  /// In nats.
  private static func entropy(_ p: [Double]) -> Double {
    p.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }

  /// By each measure that there is, in the order of tables.
  package var columns: [(measure: Measure, values: [Double])] {
    [(.entropy, entropy), (.margin, margin)] + (disagreement.map { [(.disagreement, $0)] } ?? [])
  }

  /// Rows, the least certain first; of equals the first first. Nil where there is no such measure.
  package func order(by measure: Measure) -> [Int]? {
    guard let values = columns.first(where: { $0.measure == measure })?.values else { return nil }
    // Much entropy is uncertain, and little margin.
    let keys = measure == .margin ? values : values.map { -$0 }
    return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}
