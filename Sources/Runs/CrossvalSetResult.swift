package import Evaluation

/// What came out of several cross-validations of the same photos: `scores.json`.
package struct CrossvalSetResult: Codable, Equatable, Sendable {
  package struct Member: Codable, Equatable, Sendable {
    package let name: String
    /// Of all photos, each predicted by a model of this member that was not trained on it.
    package let scores: Scores
    /// What the others come to together; nil for the only one.
    package let ensembleWithout: Scores?

    private enum CodingKeys: String, CodingKey {
      case name, scores
      case ensembleWithout = "ensemble_without"
    }
  }

  package let members: [Member]
  /// By the mean of the members' probabilities.
  package let ensemble: Scores

  /// - Parameters:
  ///   - predictions: of each member the out-of-fold ones, of the same photos.
  ///   - results: of each member, whose loss knows of probabilities that are too small for a number.
  package init(_ predictions: [Predictions], _ results: [CrossvalResult], names: [String]) {
    let without = LeaveOneOut.scores(of: predictions, by: .equal(predictions.count))
    members = predictions.indices.map {
      Member(name: names[$0], scores: results[$0].outOfFold.scores, ensembleWithout: without[$0])
    }
    ensemble = Predictions(ensembleOf: predictions).scores
  }
}
