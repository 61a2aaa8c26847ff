/// What a fit is worth: `scores.json` of an ensemble's folder.
package struct EnsembleFitScores: Codable, Sendable {
  package struct Member: Codable, Sendable {
    package let name: String
    package let weight: Double
    package let scores: Scores
    /// Of the ensemble without it, by the same weights; nil for the only one with any.
    package let without: Scores?
  }

  /// Honest: each photo by weights and a temperature that it had no part in.
  package let crossFitted: Scores
  /// By those that the photos themselves have chosen: too good.
  package let naive: Scores
  /// By all members alike, without a temperature; nil in a file of an earlier version.
  package let mean: Scores?
  package let members: [Member]

  /// - Parameter mean: by all members alike.
  package init(
    _ fit: EnsembleFit, members: [(name: String, weight: Double, scores: Scores)],
    without: [Scores?], mean: Scores
  ) {
    self.mean = mean
    crossFitted = fit.crossFitted.scores
    naive = fit.naive.scores
    self.members = zip(members, without).map {
      Member(name: $0.name, weight: $0.weight, scores: $0.scores, without: $1)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case members, naive, mean
    case crossFitted = "cross_fitted"
  }
}
