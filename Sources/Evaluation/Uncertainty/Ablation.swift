/// What each of some parts brings to a way of training: the whole, and the whole without each part, trained with the same
/// seeds, and asked about photos that they weren't trained on.
package struct Ablation: Encodable, Equatable, Sendable {
  package struct Part: Encodable, Equatable, Sendable {
    package let name: String
    /// `first` without it, `second` with it; each the mean over the seeds.
    package let gains: MetricValues<ScoreDifference>

    private enum CodingKeys: String, CodingKey { case name }

    package func encode(to encoder: any Encoder) throws {
      try gains.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
    }
  }

  package let seeds: [Int]
  package let photos: Int
  /// How many groups of photos were drawn; nil where photos were.
  package let groups: Int?
  package let parts: [Part]

  /// Those that gains are told of.
  package static let metrics: [Metric] = [.accuracy, .macroF1, .loss]

  /// - Parameters:
  ///   - whole: of each seed.
  ///   - parts: the predictions without each, of each seed.
  package init(
    seeds: [Int], whole: [Predictions], without parts: [(name: String, predictions: [Predictions])],
    groups: PhotoGroups?
  ) {
    self.seeds = seeds
    photos = whole[0].samples.count
    self.groups = groups?.count
    self.parts = parts.map { part in
      let found = SeededDifference.between(
        part.predictions, whole, groups: groups, Self.metrics)
      return Part(
        name: part.name,
        gains: MetricValues(Self.metrics) { metric in
          Self.metrics.firstIndex(of: metric).flatMap { found[$0] }
        })
    }
  }
}
