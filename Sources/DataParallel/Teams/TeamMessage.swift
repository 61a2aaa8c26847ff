import MPI

/// What ranks tell each other about jobs, in as many numbers each time: small enough for MPI to take without a receiver
/// (32 bytes and a bit for each rank).
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
  /// What came of a job.
  var value = 0.0

  static func length(ranks: Int) -> Int { 4 + (ranks + 63) / 64 }

  func encoded(ranks count: Int) -> [Int64] {
    var words = [Int64](repeating: 0, count: Self.length(ranks: count))
    (words[0], words[1], words[2]) = (kind.rawValue, Int64(job), Int64(number))
    words[3] = Int64(bitPattern: value.bitPattern)
    for rank in ranks { words[4 + rank / 64] |= 1 << (rank % 64) }
    return words
  }

  init(_ kind: Kind, job: Int = 0, number: Int = 0, ranks: [Int] = [], value: Double = 0) {
    (self.kind, self.job, self.number, self.ranks) = (kind, job, number, ranks)
    self.value = value
  }

  /// Nil for what isn't one.
  init?(_ words: [Int64]) {
    guard let kind = Kind(rawValue: words[0]) else { return nil }
    self.init(
      kind, job: Int(words[1]), number: Int(words[2]),
      ranks: (0..<(64 * (words.count - 4))).filter { words[4 + $0 / 64] >> ($0 % 64) & 1 == 1 },
      value: Double(bitPattern: UInt64(bitPattern: words[3])))
  }
}
