/// The scores of several models on the same photos, each alone and all together.
package struct EnsembleScores: Encodable, Equatable, Sendable {
  package struct Member: Encodable, Equatable, Sendable {
    /// The folder of its checkpoint.
    package let model: String
    package let scores: ViewedScores
  }

  package let members: [Member]
  /// By the mean of what the members say.
  package let ensemble: ViewedScores

  /// - Parameter predictions: of each of the models, whose checkpoints are in these folders.
  package init(_ predictions: EnsemblePredictions, of models: [String]) {
    members = zip(models, predictions.members).map { Member(model: $0, scores: $1.scores) }
    ensemble = predictions.together.scores
  }
}
