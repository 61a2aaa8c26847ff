import Files

/// Which neighbouring leaves of a step each rank owns.
package enum LeafIntervals {
  /// Cuts M leaves into R intervals, none longer than ⌈M/R⌉, that take the fewest tree nodes in all
  /// (what has to be sent); among those the evenest (the least sum of squared lengths), then the
  /// one whose first rank with another length has the shorter one. Takes R² starts times as many
  /// ends.
  ///
  /// With R > M, as in a short last step, the last ranks get none.
  package static func cut(leaves: Int, ranks: Int) -> [Range<Int>] {
    let tree = PairwiseTree(leaves: leaves)
    let owners = min(ranks, leaves)
    let longest = (leaves + owners - 1) / owners
    // Where rank r can start: the ranks before it have ⌈M/R⌉ leaves at most, and so have those from
    // it on. These are R at most, however many leaves there are.
    func starts(_ rank: Int) -> ClosedRange<Int> {
      max(
        rank, leaves - (owners - rank) * longest)...min(
          rank * longest, leaves - (owners - rank))
    }
    // best: the least cost of cutting the leaves from each start on for ranks r…; found from the
    // end.
    var best = [Cost(nodes: 0, squares: 0)]
    var lengths: [[Int]] = []
    for rank in stride(from: owners - 1, through: 0, by: -1) {
      let ends = starts(rank + 1)
      var (costs, own) = ([Cost](), [Int]())
      for start in starts(rank) {
        var least: (cost: Cost, length: Int)?
        for end in max(start + 1, ends.lowerBound)...min(start + longest, ends.upperBound) {
          let rest = best[end - ends.lowerBound]
          let cost = Cost(
            nodes: tree.nodeCount(covering: start..<end) + rest.nodes,
            squares: (end - start) * (end - start) + rest.squares)
          if let least, least.cost <= cost { continue }
          least = (cost, end - start)
        }
        guard let least else { preconditionFailure("no cut from leaf \(start) on") }
        costs.append(least.cost)
        own.append(least.length)
      }
      best = costs
      lengths.append(own)
    }
    var start = 0
    return (0..<ranks).map { rank in
      guard rank < owners else { return leaves..<leaves }
      let length = lengths[owners - 1 - rank][start - starts(rank).lowerBound]
      defer { start += length }
      return start..<(start + length)
    }
  }

  /// Cuts as evenly as can be: for evaluation, whose atoms are not added in a tree.
  package static func even(_ atoms: Int, ranks: Int) -> [Range<Int>] {
    (0..<ranks).map { ($0 * atoms / ranks)..<(($0 + 1) * atoms / ranks) }
  }

  private struct Cost: Comparable {
    let nodes: Int
    let squares: Int

    static func < (left: Cost, right: Cost) -> Bool {
      (left.nodes, left.squares) < (right.nodes, right.squares)
    }
  }
}

/// A run with more ranks than a full step has leaves: some would never have work.
package struct TooManyRanks: UnusableInput, Equatable, CustomStringConvertible {
  package let ranks: Int
  /// Micro-batches of a full step: ⌈n/m⌉, or ⌊n/2⌋ where none may have a single sample.
  package let leaves: Int
  package let globalBatch: Int
  package let microBatch: Int
  /// To train on: no step has more.
  package let photos: Int

  /// - Throws: when there are more ranks than leaves.
  package static func check(
    ranks: Int, leaves: Int, globalBatch: Int, microBatch: Int, photos: Int = .max
  ) throws(TooManyRanks) {
    guard ranks > leaves else { return }
    throw TooManyRanks(
      ranks: ranks, leaves: leaves, globalBatch: globalBatch, microBatch: microBatch, photos: photos
    )
  }

  package var description: String {
    var fits = ["at most \(leaves) rank\(leaves == 1 ? "" : "s")"]
    let smallest = max((ranks - 1) * microBatch + 1, 2 * ranks)
    if smallest <= photos { fits.append("training.global-batch of at least \(smallest)") }
    // ⌈n/m⌉ ≥ R needs m < n / (R−1); a micro-batch of one sample may have no batch statistics.
    let largest = (globalBatch - 1) / (ranks - 1)
    if largest >= 2, globalBatch >= 2 * ranks {
      fits.append("training.micro-batch of at most \(largest)")
    }
    return
      "\(ranks) ranks are more than the \(leaves) micro-batch\(leaves == 1 ? "" : "es") of a step ("
      + (globalBatch < photos ? "global-batch \(globalBatch)" : "all \(photos) photos")
      + " / micro-batch \(microBatch)); what fits: " + fits.joined(separator: ", or ")
  }
}
