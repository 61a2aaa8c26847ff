import MPI

/// What ranks tell each other about jobs, in as many numbers each time: small enough for MPI to take without a receiver
/// (24 bytes and a bit for each rank).
struct TeamMessage: Equatable, Sendable {
  enum Kind: Int64, Sendable {
    // To the rank that hands out jobs.
    case finishing, done, stopped, epoch, joined, stop
    // From it, or from the first rank of a job's team.
    case work, offer, end
  }

  let kind: Kind
  var job = 0
  /// Epochs that are left, or how often ranks have joined.
  var number = 0
  var ranks: [Int] = []

  static func length(ranks: Int) -> Int { 3 + (ranks + 63) / 64 }

  func encoded(ranks count: Int) -> [Int64] {
    var words = [Int64](repeating: 0, count: Self.length(ranks: count))
    (words[0], words[1], words[2]) = (kind.rawValue, Int64(job), Int64(number))
    for rank in ranks { words[3 + rank / 64] |= 1 << (rank % 64) }
    return words
  }

  init(_ kind: Kind, job: Int = 0, number: Int = 0, ranks: [Int] = []) {
    (self.kind, self.job, self.number, self.ranks) = (kind, job, number, ranks)
  }

  /// Nil for what isn't one.
  init?(_ words: [Int64]) {
    guard let kind = Kind(rawValue: words[0]) else { return nil }
    self.init(
      kind, job: Int(words[1]), number: Int(words[2]),
      ranks: (0..<(64 * (words.count - 3))).filter { words[3 + $0 / 64] >> ($0 % 64) & 1 == 1 })
  }
}
