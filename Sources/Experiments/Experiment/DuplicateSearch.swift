import DataParallel
package import Datasets
import Images
package import MPI
import Tensors
import Timelines

/// A search for copies among photos, spread over ranks and threads.
package enum DuplicateSearch {
  /// What makes two photos copies, by `Likeness`.
  private static let leastCorrelation: Float = 0.97
  /// Pairs whose photos are in memory at a time, 40 KB each.
  private static let block = 2048

  /// Finds copies by the photos' signatures, and looks at those that aren't exact once more. Every rank gets
  /// all. Collective; throws on all ranks if on one.
  ///
  /// - Parameter findings: with signatures, the same on all ranks.
  package static func run(
    _ dataset: Dataset, _ findings: [PhotoFinding], over communicator: Communicator, threads: Int
  ) throws -> DuplicateGroups {
    let candidates = DuplicateCandidates(findings)
    let pool = ThreadPool(threads: threads)
    // In one order, however the photos were shared.
    let pairs = try gather(
      pairs(of: candidates, over: communicator, pool), over: communicator
    ).sorted { ($0.second, $0.first) < ($1.second, $1.first) }
    let share = LeafIntervals.even(pairs.count, ranks: communicator.size)[communicator.rank]
    let own = try communicator.agree {
      try correlations(of: Array(pairs[share]), dataset, pool)
    }
    let all = try communicator.gatherInOrder(own)
    let exact = candidates.exact.flatMap { group in
      group.others.map {
        (DuplicateCandidates.Pair(first: group.first, second: $0, isMirrored: false), 1.0)
      }
    }
    let near = zip(pairs, all).filter { $1 >= leastCorrelation }.map {
      // Equal pixels alone are 1.
      ($0, min(Double($1), 0.9999))
    }
    return DuplicateGroups(exact + near, in: dataset)
  }

  /// Those of this rank's photos. They are dealt in turn, since later ones have more photos before them.
  private static func pairs(
    of candidates: DuplicateCandidates, over communicator: Communicator, _ pool: ThreadPool
  ) -> [DuplicateCandidates.Pair] {
    let (rank, ranks, pieces) = (communicator.rank, communicator.size, 16 * pool.threads)
    return Activity.during("comparing", of: pieces, "parts") { activity in
      pool.map(pieces) { piece in
        defer { activity.advance() }
        return candidates.pairs(
          of: stride(from: rank + ranks * piece, to: candidates.count, by: ranks * pieces))
      }.flatMap(\.self)
    }
  }

  private static func gather(
    _ own: [DuplicateCandidates.Pair], over communicator: Communicator
  ) throws -> [DuplicateCandidates.Pair] {
    var numbers: [Int64] = []
    for pair in own {
      numbers += [Int64(pair.first), Int64(pair.second), pair.isMirrored ? 1 : 0]
    }
    let all: [Int64] = try communicator.gatherInOrder(numbers)
    return stride(from: 0, to: all.count, by: 3).map { place in
      DuplicateCandidates.Pair(
        first: Int(all[place]), second: Int(all[place + 1]), isMirrored: all[place + 2] == 1)
    }
  }

  /// How alike the photos of each pair are.
  ///
  /// - Throws: `PhotoError`.
  private static func correlations(
    of pairs: [DuplicateCandidates.Pair], _ dataset: Dataset, _ pool: ThreadPool
  ) throws -> [Float] {
    try Activity.during("looking twice", of: pairs.count, "pairs") { activity in
      try correlations(of: pairs, dataset, pool, activity)
    }
  }

  private static func correlations(
    of pairs: [DuplicateCandidates.Pair], _ dataset: Dataset, _ pool: ThreadPool,
    _ activity: Activity
  ) throws -> [Float] {
    var correlations: [Float] = []
    for start in stride(from: 0, to: pairs.count, by: block) {
      let pairs = Array(pairs[start..<min(start + block, pairs.count)])
      let photos = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
      let seen = try pool.map(photos.count) { place in
        Result { () throws(PhotoError) in Likeness(try dataset.image(photos[place])) }
      }.map { try $0.get() }
      let likenesses = Dictionary(uniqueKeysWithValues: zip(photos, seen))
      correlations += pool.map(pairs.count) { place in
        let pair = pairs[place]
        guard let first = likenesses[pair.first], let second = likenesses[pair.second] else {
          preconditionFailure("a photo of a pair wasn't looked at")
        }
        return first.correlation(with: second, mirrored: pair.isMirrored)
      }
      activity.advance(by: pairs.count)
    }
    return correlations
  }
}
