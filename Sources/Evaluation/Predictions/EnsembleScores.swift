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
  /// Of the others together, without each of the members; nil where it isn't asked for.
  package let without: [Scores]?

  /// - Parameters:
  ///   - predictions: of each of the models, whose checkpoints are in these folders.
  ///   - mix: by which an ensemble's scores without each of three or more members are told.
  ///   - groups: photos that are drawn together for intervals; nil where each is drawn alone.
  package init(
    _ predictions: EnsemblePredictions, of models: [String], by mix: EnsembleMix? = nil,
    groups: PhotoGroups? = nil
  ) {
    without =
      models.count > 2
      ? mix.map { mix in
        LeaveOneOut.scores(of: predictions.members.map(\.averaged), by: mix).compactMap(\.self)
      } : nil
    members = zip(models, predictions.members).map {
      Member(model: $0, scores: $1.scoresWithIntervals(groups: groups))
    }
    ensemble =
      members.count == 1 && mix == nil
      ? members[0].scores : predictions.together.scoresWithIntervals(groups: groups)
  }
}
