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

  /// The next photos.
  package mutating func append(
    _ next: [(averaged: Predictions, plain: Predictions?)],
    together all: (averaged: Predictions, plain: Predictions?)
  ) {
    for index in members.indices { members[index].append(next[index]) }
    together.append(all)
  }
}
