/// The scores of several models on the same photos, each alone and all together.
package struct EnsembleScores: Encodable, Equatable, Sendable {
  package struct Member: Encodable, Equatable, Sendable {
    /// The folder of its checkpoint.
    package let model: String
    package let scores: Scores
  }

  package let members: [Member]
  /// By the mean of the members' probabilities.
  package let ensemble: Scores

  /// - Parameter predictions: of each of the models, whose checkpoints are in these folders.
  package init(_ predictions: [Predictions], of models: [String]) {
    members = zip(models, predictions).map { Member(model: $0, scores: $1.scores) }
    ensemble = Predictions(ensembleOf: predictions).scores
  }
}
