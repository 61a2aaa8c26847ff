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

  /// - Parameters:
  ///   - predictions: of each of the models, whose checkpoints are in these folders.
  ///   - groups: photos that are drawn together for intervals; nil where each is drawn alone.
  package init(
    _ predictions: EnsemblePredictions, of models: [String], groups: PhotoGroups? = nil
  ) {
    members = zip(models, predictions.members).map {
      Member(model: $0, scores: $1.scoresWithIntervals(groups: groups))
    }
    ensemble =
      members.count == 1
      ? members[0].scores : predictions.together.scoresWithIntervals(groups: groups)
  }
}
