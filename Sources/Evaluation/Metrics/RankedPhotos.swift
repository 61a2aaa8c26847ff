/// Photos by how probable a class is of them, the most probable first, whatever they weigh.
struct RankedPhotos: Sendable {
  private let rows: [Int32]
  /// Of each place.
  private let hasLabel: [Bool]
  /// The place behind each run of photos of one probability, which are told together, and that probability.
  private let runs: [(end: Int, p: Double)]

  /// - Parameter photos: of each its probability, which is the lowest where it is no number, and whether it has the
  ///   label.
  init(_ photos: [(p: Double, hasLabel: Bool)]) {
    // No number is the lowest, as it is never the most probable.
    let ranked = photos.enumerated().map {
      (p: $1.p.isNaN ? -1 : $1.p, row: Int32($0), hasLabel: $1.hasLabel)
    }.sorted { $0.p > $1.p }
    rows = ranked.map(\.row)
    hasLabel = ranked.map(\.hasLabel)
    runs = ranked.indices.filter { $0 + 1 == ranked.count || ranked[$0 + 1].p != ranked[$0].p }
      .map { ($0 + 1, max(ranked[$0].p, 0)) }
  }

  /// - Parameter weights: how often each photo counts.
  /// - Returns: nil where no photo that counts has the label.
  func ranking(_ weights: [Int32]) -> ClassScores.Ranking? {
    let (support, photos) = rows.indices.reduce((0, 0)) { sums, place in
      let weight = Int(weights[Int(rows[place])])
      return (sums.0 + (hasLabel[place] ? weight : 0), sums.1 + weight)
    }
    if support == 0 { return nil }
    let others = photos - support
    var (hits, told, area, wins) = (0, 0, 0.0, 0)
    var best: (threshold: Double, f1: Double)?
    var place = 0
    for run in runs {
      let (hitsBefore, toldBefore) = (hits, told)
      while place < run.end {
        let weight = Int(weights[Int(rows[place])])
        if hasLabel[place] { hits += weight }
        told += weight
        place += 1
      }
      if told == toldBefore { continue }
      let (own, equal) = (hits - hitsBefore, told - toldBefore - (hits - hitsBefore))
      area += Double(own) * (Double(hits) / Double(told))
      // Twice the pairs that are told in the right order; a tie is half of one.
      wins += own * (2 * (others - (told - hits)) + equal)
      let f1 = ratio(2 * hits, support + told)
      if f1 > best?.f1 ?? -1 { best = (run.p, f1) }
    }
    return ClassScores.Ranking(
      averagePrecision: area / Double(support), bestThreshold: best?.threshold ?? 0,
      bestF1: best?.f1 ?? 0,
      auroc: others == 0 ? nil : Double(wins) / (2 * Double(support) * Double(others)))
  }
}
