/// What an ensemble is without each of its members, as a tale of what they add to it.
package enum LeaveOneOut {
  /// Of each member the scores of the others together, whose weights keep their proportions; nil where the others have
  /// no weight.
  ///
  /// - Parameter members: what each says of the same photos.
  package static func scores(of members: [Predictions], by mix: EnsembleMix) -> [Scores?] {
    members.indices.map { member in
      mix.without(member).map { rest in
        var others = members
        others.remove(at: member)
        return Predictions(ensembleOf: others, by: rest).scores
      }
    }
  }
}
