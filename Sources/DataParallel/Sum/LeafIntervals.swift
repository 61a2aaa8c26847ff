import Files

/// Which neighbouring leaves of a step each rank owns.
package enum LeafIntervals {
  /// Cuts M leaves into R intervals, none longer than ⌈M/R⌉, that take the fewest tree nodes in all
  /// (what has to be sent); among those the evenest (the least sum of squared lengths), then the
  /// one whose first rank with another length has the shorter one.
  ///
  /// With R > M, as in a short last step, the last ranks get none.
  package static func cut(leaves: Int, ranks: Int) -> [Range<Int>] {
    let tree = PairwiseTree(leaves: leaves)
    let owners = min(ranks, leaves)
    let longest = (leaves + owners - 1) / owners
    // best[r][s]: the least cost of cutting the leaves from s on for ranks r…; found from the end.
    var best = [[Cost?]](repeating: Array(repeating: nil, count: leaves + 1), count: owners + 1)
    var length = [[Int]](repeating: Array(repeating: 0, count: leaves + 1), count: owners + 1)
    best[owners][leaves] = Cost(nodes: 0, squares: 0)
    for rank in stride(from: owners - 1, through: 0, by: -1) {
      for start in 0..<leaves {
        for end in (start + 1)..<(min(start + longest, leaves) + 1) {
          guard let rest = best[rank + 1][end] else { continue }
          let cost = Cost(
            nodes: tree.nodes(covering: start..<end).count + rest.nodes,
            squares: (end - start) * (end - start) + rest.squares)
          if let least = best[rank][start], least <= cost { continue }
          best[rank][start] = cost
          length[rank][start] = end - start
        }
      }
    }
    var start = 0
    return (0..<ranks).map { rank in
      guard rank < owners else { return leaves..<leaves }
      defer { start += length[rank][start] }
      return start..<(start + length[rank][start])
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
  package let globalBatch: Int
  package let microBatch: Int

  /// - Throws: when R > M = ⌈n/m⌉.
  package static func check(ranks: Int, globalBatch: Int, microBatch: Int) throws(TooManyRanks) {
    let error = TooManyRanks(ranks: ranks, globalBatch: globalBatch, microBatch: microBatch)
    if ranks > error.leaves { throw error }
  }

  private var leaves: Int { (globalBatch + microBatch - 1) / microBatch }

  package var description: String {
    var fits = [
      "at most \(leaves) ranks",
      "training.global-batch of at least \((ranks - 1) * microBatch + 1)",
    ]
    // ⌈n/m⌉ ≥ R needs m < n / (R−1); a micro-batch of one has no batch statistics.
    let largest = (globalBatch - 1) / (ranks - 1)
    if largest >= 2 { fits.append("training.micro-batch of at most \(largest)") }
    return "\(ranks) ranks are more than the \(leaves) micro-batches of a step (global-batch "
      + "\(globalBatch) / micro-batch \(microBatch)); what fits: " + fits.joined(separator: ", or ")
  }
}
