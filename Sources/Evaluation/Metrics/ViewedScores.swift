/// Scores by averaged views of each photo, with those of the plain view alone. In JSON these are the keys
/// of the scores, and where there is something to compare `views` and `plain`.
package struct ViewedScores: Codable, Equatable, Sendable {
  package let scores: Scores
  /// How many views were averaged.
  package let views: Int
  /// Nil where there is nothing to compare.
  package let plain: Scores?

  package init(_ scores: Scores, views: Int = 1, plain: Scores? = nil) {
    self.scores = scores
    self.views = views
    self.plain = plain
  }

  package subscript(metric: Metric) -> Double { scores[metric] }

  package var photos: Int { scores.photos }

  private enum CodingKeys: String, CodingKey { case views, plain }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try Scores(from: decoder),
      views: try container.decodeIfPresent(Int.self, forKey: .views) ?? 1,
      plain: try container.decodeIfPresent(Scores.self, forKey: .plain))
  }

  package func encode(to encoder: any Encoder) throws {
    try scores.encode(to: encoder)
    guard let plain else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(views, forKey: .views)
    try container.encode(plain, forKey: .plain)
  }
}
