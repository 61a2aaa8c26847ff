package import Evaluation

/// What came out of several cross-validations of the same photos: `scores.json`.
package struct CrossvalSetResult: Encodable, Equatable, Sendable {
  package struct Member: Encodable, Equatable, Sendable {
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

  /// - Parameter predictions: of each member the out-of-fold ones, of the same photos.
  package init(_ predictions: [Predictions], names: [String]) {
    members = predictions.indices.map { index in
      var others = predictions
      let own = others.remove(at: index)
      return Member(
        name: names[index], scores: own.scores,
        ensembleWithout: others.isEmpty ? nil : Predictions(ensembleOf: others).scores)
    }
    ensemble = Predictions(ensembleOf: predictions).scores
  }
}
