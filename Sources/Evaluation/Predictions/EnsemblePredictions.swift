/// What several models say of the same photos, each alone and all together.
package struct EnsemblePredictions: Equatable, Sendable {
  package private(set) var members: [ViewedPredictions]
  package private(set) var together: ViewedPredictions

  package init(members: [ViewedPredictions], together: ViewedPredictions) {
    self.members = members
    self.together = together
  }

  /// Of no photos yet.
  ///
  /// - Parameters:
  ///   - members: how many views each has, and whether they are compared with the plain one.
  ///   - none: predictions of no photos.
  package init(of members: [(views: Int, isCompared: Bool)], from none: Predictions) {
    func nothing(_ views: Int, _ isCompared: Bool) -> ViewedPredictions {
      ViewedPredictions(views: views, averaged: none, plain: isCompared ? none : nil)
    }
    self.init(
      members: members.map(nothing),
      together: nothing(
        members.reduce(0) { $0 + $1.views }, members.contains { $0.isCompared }))
  }

  /// The same with some neighbouring members as one: the mean of what they say.
  ///
  /// - Parameter groups: of each new member, where the old ones are.
  package func grouped(_ groups: [Range<Int>], by averaging: Averaging) -> EnsemblePredictions {
    EnsemblePredictions(
      members: groups.map { group in
        let own = members[group]
        guard own.count > 1 else { return own[group.lowerBound] }
        let mix = EnsembleMix.equal(own.count, averaging: averaging)
        return ViewedPredictions(
          views: own.reduce(0) { $0 + $1.views },
          averaged: Predictions(ensembleOf: own.map(\.averaged), by: mix),
          plain: own.contains { $0.plain != nil }
            ? Predictions(ensembleOf: own.map { $0.plain ?? $0.averaged }, by: mix) : nil)
      }, together: together)
  }

  /// The next photos.
  package mutating func append(
    _ next: [(averaged: Predictions, plain: Predictions?)],
    together all: (averaged: Predictions, plain: Predictions?)
  ) {
    for index in members.indices { members[index].append(next[index]) }
    together.append(all)
  }
}
