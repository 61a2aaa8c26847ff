/// Who sends which node in which round, and in which order the owner of a slice adds what it holds:
/// all of it a function of M and R.
package struct ExchangePlan: Sendable {
  /// target += source, both indices into `holders`.
  package struct Addition: Sendable, Equatable {
    package let target: Int
    package let source: Int
  }

  package let tree: PairwiseTree
  /// The leaves of each rank.
  package let intervals: [Range<Int>]
  /// The nodes of each rank; round k of the exchange carries each rank's k-th.
  package let nodes: [[TreeNode]]
  /// All nodes in leaf order, by the rank that has them and their place in its list. The slice
  /// sums end up in the first one, which covers leaf 0.
  package let holders: [(rank: Int, round: Int)]
  /// Carried out in order, these leave the sum over all leaves in the first holder.
  package let additions: [Addition]

  package init(leaves: Int, ranks: Int) {
    self.init(leaves: leaves, intervals: LeafIntervals.cut(leaves: leaves, ranks: ranks))
  }

  /// For any neighbouring intervals that cover the leaves in rank order.
  package init(leaves: Int, intervals: [Range<Int>]) {
    let tree = PairwiseTree(leaves: leaves)
    let nodes = intervals.map { tree.nodes(covering: $0) }
    var holders: [(rank: Int, round: Int)] = []
    var place: [TreeNode: Int] = [:]
    for (rank, list) in nodes.enumerated() {
      for (round, node) in list.enumerated() {
        place[node] = holders.count
        holders.append((rank, round))
      }
    }
    var additions: [Addition] = []
    /// Adds up a node and returns where its sum is.
    func sum(_ node: TreeNode) -> Int {
      if let held = place[node] { return held }
      precondition(node.level > 0, "the intervals leave out leaf \(node.start)")
      let target = sum(node.lowerHalf)
      if tree.contains(node.upperHalf) {
        additions.append(Addition(target: target, source: sum(node.upperHalf)))
      }
      return target
    }
    let total = sum(tree.root)
    precondition(total == 0, "the sum belongs in the first holder")
    self.tree = tree
    self.intervals = intervals
    self.nodes = nodes
    self.holders = holders
    self.additions = additions
  }

  package var rounds: Int { nodes.map(\.count).max() ?? 0 }
}
