import Images

/// Finds hashes that differ in few bits among many, without comparing each with each: multi-index hashing
/// (Norouzi, Punjani and Fleet 2012).
///
/// Of two words of 64 bits that differ in 12 bits or fewer, at least one of five parts differs in 2 or fewer. So those
/// that have such a part in common are compared, and no others.
struct HashIndex {
  static let radius = 12
  /// The last has 12 bits.
  private static let (parts, width) = (5, 13)
  /// All words of 13 bits with up to 2 ones.
  private static let changes = (0..<(1 << width)).filter { $0.nonzeroBitCount <= radius / parts }

  /// Of each part, for each of its values the first place in `entries`, and their end.
  private let starts: [[Int32]]
  /// Indices of hashes.
  private let entries: [[Int32]]
  private let hashes: [UInt64]

  init(_ hashes: [UInt64]) {
    self.hashes = hashes
    var (starts, entries) = ([[Int32]](), [[Int32]]())
    for part in 0..<Self.parts {
      var counts = [Int32](repeating: 0, count: (1 << Self.width) + 1)
      for hash in hashes { counts[Self.part(part, of: hash) + 1] += 1 }
      for value in 1...(1 << Self.width) { counts[value] += counts[value - 1] }
      var next = counts
      var places = [Int32](repeating: 0, count: hashes.count)
      for (index, hash) in hashes.enumerated() {
        let value = Self.part(part, of: hash)
        places[Int(next[value])] = Int32(index)
        next[value] += 1
      }
      starts.append(counts)
      entries.append(places)
    }
    self.starts = starts
    self.entries = entries
  }

  /// Of one hash. Where more are as near, as among pictures of a film, some are found.
  private static let most = 256

  /// The indices below `end` of hashes at most so far from this one, each once, in ascending order.
  func near(_ hash: UInt64, below end: Int) -> [Int] {
    var found: Set<Int> = []
    for part in 0..<Self.parts {
      let value = Self.part(part, of: hash)
      for change in Self.changes {
        let place = value ^ change
        for entry in starts[part][place]..<starts[part][place + 1] {
          let index = Int(entries[part][Int(entry)])
          if index >= end { break }  // They are in ascending order.
          if (hashes[index] ^ hash).nonzeroBitCount <= Self.radius {
            found.insert(index)
            if found.count == Self.most { return found.sorted() }
          }
        }
      }
    }
    return found.sorted()
  }

  private static func part(_ part: Int, of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(width * part)) & ((1 << width) - 1)
  }
}
