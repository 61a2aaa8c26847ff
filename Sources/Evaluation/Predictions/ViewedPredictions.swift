/// What is said of photos by views of them that are averaged, and by the plain view alone.
package struct ViewedPredictions: Equatable, Sendable {
  /// How many views of a photo were averaged, of all models together.
  package let views: Int
  package private(set) var averaged: Predictions
  /// Nil where it isn't compared, or is all there is.
  package private(set) var plain: Predictions?

  package init(views: Int, averaged: Predictions, plain: Predictions?) {
    self.views = views
    self.averaged = averaged
    self.plain = plain
  }

  /// The next photos.
  package mutating func append(_ next: (averaged: Predictions, plain: Predictions?)) {
    averaged.append(next.averaged)
    if let more = next.plain { plain?.append(more) }
  }

  package var scores: ViewedScores {
    ViewedScores(averaged.scores, views: views, plain: plain?.scores)
  }

  /// The same with intervals of each class's figures.
  ///
  /// - Parameter groups: photos that are drawn together; nil where each is drawn alone.
  package func scoresWithIntervals(groups: PhotoGroups?) -> ViewedScores {
    ViewedScores(
      .withIntervals(of: averaged, groups: groups), views: views, plain: plain?.scores)
  }
}
