import Images

/// Photos that may be copies of each other, by their signatures.
package struct DuplicateCandidates: Sendable {
  /// Indices of photos of which one may be a copy of the other, or of its mirror image.
  package struct Pair: Equatable, Sendable {
    package let first: Int
    package let second: Int
    package let isMirrored: Bool

    package init(first: Int, second: Int, isMirrored: Bool) {
      (self.first, self.second, self.isMirrored) = (first, second, isMirrored)
    }
  }

  /// Bits of the fine hash in which copies that lost a twentieth may differ.
  private static let fineRadius = 64
  /// Of one photo, the nearest. Where many photos are alike, each leads to some of those before it.
  private static let most = 16

  /// Photos with the same pixels, by the first of them: those behind it.
  package let exact: [(first: Int, others: [Int])]
  /// Of those with the same pixels the first alone, where it has a hash.
  private let hashed: [(photo: Int, own: PerceptualHash, mirrored: PerceptualHash)]
  private let index: HashIndex

  package init(_ findings: [PhotoFinding]) {
    var places: [String: Int] = [:]
    var groups: [(first: Int, others: [Int])] = []
    for (photo, finding) in findings.enumerated() {
      guard let signature = finding.signature else { continue }
      if let place = places[signature.pixels] {
        groups[place].others.append(photo)
      } else {
        places[signature.pixels] = groups.count
        groups.append((photo, []))
      }
    }
    exact = groups.filter { !$0.others.isEmpty }
    hashed = groups.compactMap { group in
      guard let signature = findings[group.first].signature, let own = signature.hash,
        let mirrored = signature.mirrored
      else { return nil }
      return (group.first, own, mirrored)
    }
    index = HashIndex(hashed.map(\.own.coarse))
  }

  /// How many photos are to be compared with those before them.
  package var count: Int { hashed.count }

  /// Earlier photos that some of these may be copies of. May be called on any number of threads at once.
  package func pairs(of numbers: some Sequence<Int>) -> [Pair] {
    numbers.flatMap { number -> [Pair] in
      let (photo, own, mirrored) = hashed[number]
      let found = [(own, false), (mirrored, true)].flatMap { hash, isMirrored in
        index.near(hash.coarse, below: number).map {
          (place: $0, distance: hash.fineDistance(to: hashed[$0].own), isMirrored: isMirrored)
        }
      }.filter { $0.distance <= Self.fineRadius }
      // What is nearly its own mirror image is found in both ways.
      var places: Set<Int> = []
      return found.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
        .filter { places.insert($0.place).inserted }.prefix(Self.most)
        .map { Pair(first: hashed[$0.place].photo, second: photo, isMirrored: $0.isMirrored) }
    }
  }
}
