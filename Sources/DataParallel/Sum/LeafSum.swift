package import Tensors

/// Adds up the gradients of a rank's leaves as they come: a binary counter whose digits are the
/// nodes of the tree over all ranks' leaves.
///
/// For each leaf in turn: write the whole gradient into `nextBuffer()`, then `push()`. After the
/// last one, `nodes` are the whole nodes that cover the interval, in order. `begin` starts the next
/// step and takes the buffers back.
package final class LeafSum {
  package private(set) var nodes: [(node: TreeNode, sum: FlatStore)] = []
  private let layout: FlatLayout
  private let threads: ThreadPool
  private var tree = PairwiseTree(leaves: 1)
  private var remaining = 0..<0
  private var free: [FlatStore] = []
  private var leaf: FlatStore?

  package init(_ layout: FlatLayout, threads: ThreadPool) {
    self.layout = layout
    self.threads = threads
  }

  /// Starts a step: this rank owns `interval` of the tree's leaves.
  package func begin(_ interval: Range<Int>, of tree: PairwiseTree) {
    free += nodes.map(\.sum)
    nodes.removeAll(keepingCapacity: true)
    self.tree = tree
    remaining = interval
  }

  /// Where the next leaf's gradient belongs. It holds old numbers: every element must be written.
  package func nextBuffer() -> FlatStore {
    precondition(!remaining.isEmpty, "more leaves than the interval has")
    let buffer = leaf ?? free.popLast() ?? FlatStore.gradient(layout)
    leaf = buffer
    return buffer
  }

  /// Takes the gradient in `nextBuffer()` as the next leaf's.
  package func push() {
    guard let leaf else { preconditionFailure("push() before nextBuffer()") }
    nodes.append((TreeNode(level: 0, index: remaining.lowerBound), leaf))
    self.leaf = nil
    remaining = (remaining.lowerBound + 1)..<remaining.upperBound
    while let parent = Self.merge(nodes.map(\.node), in: tree) {
      let upper = nodes.removeLast().sum
      let lower = nodes.removeLast().sum
      threads.run(Partition(layout.gradientCount, least: 1 << 16, grain: BufferPool.unit)) {
        add(upper.pointer + $0.lowerBound, to: lower.pointer + $0.lowerBound, count: $0.count)
      }
      free.append(upper)
      nodes.append((parent, lower))
    }
  }

  package var isComplete: Bool { remaining.isEmpty }

  /// Gradients held at the worst moment of an interval: ⌊log2 L⌋ + 2 at most where it starts with a
  /// multiple of its length, one more for some of the default cuts, whose first nodes stay open.
  package static func buffers(for interval: Range<Int>, of tree: PairwiseTree) -> Int {
    var nodes: [TreeNode] = []
    var most = 0
    for leaf in interval {
      nodes.append(TreeNode(level: 0, index: leaf))
      most = max(most, nodes.count)
      while let parent = merge(nodes, in: tree) {
        nodes.replaceSubrange((nodes.count - 2)..., with: [parent])
      }
    }
    return most
  }

  /// The parent of the last two nodes if they are its halves.
  private static func merge(_ nodes: [TreeNode], in tree: PairwiseTree) -> TreeNode? {
    guard nodes.count > 1 else { return nil }
    return tree.parent(of: nodes[nodes.count - 2], nodes[nodes.count - 1])
  }
}
