/// A node of the pairwise tree over M leaves: (l, i) covers the leaves i·2^l … min((i+1)·2^l, M)−1
/// and is the sum of its two halves, the lower first.
///
/// Where the upper half has no leaves, the node *is* its lower half: nothing is added, since adding
/// zero would turn −0 into 0. Such a node is named by the lowest level that covers the same leaves.
package struct TreeNode: Hashable, Sendable {
  package let level: Int
  package let index: Int

  package init(level: Int, index: Int) {
    self.level = level
    self.index = index
  }

  package var lowerHalf: TreeNode { TreeNode(level: level - 1, index: 2 * index) }
  package var upperHalf: TreeNode { TreeNode(level: level - 1, index: 2 * index + 1) }
  /// The first leaf.
  package var start: Int { index << level }
}

/// The order in which the gradients of a step's M leaves are added. It depends on M alone, so the
/// sum has the same bits however the leaves are spread over ranks.
package struct PairwiseTree: Sendable, Equatable {
  /// M, at least one.
  package let leaves: Int

  package init(leaves: Int) {
    precondition(leaves > 0, "a step without leaves")
    self.leaves = leaves
  }

  /// The node whose sum is the step's gradient.
  package var root: TreeNode { lowestNode(from: 0, to: leaves) }

  package func leaves(of node: TreeNode) -> Range<Int> {
    node.start..<min((node.index + 1) << node.level, leaves)
  }

  package func contains(_ node: TreeNode) -> Bool { node.start < leaves }

  /// The fewest whole nodes that cover neighbouring leaves, in order.
  package func nodes(covering interval: Range<Int>) -> [TreeNode] {
    var nodes: [TreeNode] = []
    var start = interval.lowerBound
    while start < interval.upperBound {
      let end = endOfNode(from: start, within: interval)
      nodes.append(lowestNode(from: start, to: end))
      start = end
    }
    return nodes
  }

  /// How many nodes these are.
  func nodeCount(covering interval: Range<Int>) -> Int {
    var count = 0
    var start = interval.lowerBound
    while start < interval.upperBound {
      start = endOfNode(from: start, within: interval)
      count += 1
    }
    return count
  }

  /// Where the largest node ends that starts with a leaf and keeps within an interval.
  private func endOfNode(from start: Int, within interval: Range<Int>) -> Int {
    var end = start + 1
    var length = 2
    // A node starts at a multiple of its length; beyond the last leaf there is nothing to miss.
    while start.isMultiple(of: length), end < interval.upperBound,
      min(start + length, leaves) <= interval.upperBound
    {
      end = min(start + length, leaves)
      length *= 2
    }
    return end
  }

  /// The node that two neighbours add up to, or nil when they aren't the halves of one.
  ///
  /// The upper one may have to climb first: at the end of the tree it is its own parent as long as
  /// that has no upper half.
  package func parent(of lower: TreeNode, _ upper: TreeNode) -> TreeNode? {
    var upper = upper
    while upper.level < lower.level, upper.index.isMultiple(of: 2), !contains(sibling(after: upper))
    {
      upper = TreeNode(level: upper.level + 1, index: upper.index / 2)
    }
    guard upper.level == lower.level, lower.index.isMultiple(of: 2), upper.index == lower.index + 1
    else { return nil }
    return TreeNode(level: lower.level + 1, index: lower.index / 2)
  }

  private func sibling(after node: TreeNode) -> TreeNode {
    TreeNode(level: node.level, index: node.index + 1)
  }

  private func lowestNode(from start: Int, to end: Int) -> TreeNode {
    var level = 0
    while 1 << level < end - start { level += 1 }
    return TreeNode(level: level, index: start >> level)
  }
}
