import Testing

@testable import DataParallel

@Suite struct PairwiseTreeTests {
  @Test(arguments: 1..<34)
  func `intervals are covered by the fewest whole nodes`(leaves: Int) {
    let tree = PairwiseTree(leaves: leaves)
    // All nodes by definition, each under its lowest name.
    var byRange: [Range<Int>: TreeNode] = [:]
    for level in stride(from: 6, through: 0, by: -1) {
      for index in 0..<leaves where index << level < leaves {
        let node = TreeNode(level: level, index: index)
        byRange[tree.leaves(of: node)] = node
      }
    }
    for start in 0..<leaves {
      // fewest[e]: the least number of nodes that cover start..<e.
      var fewest = [start: 0]
      for end in (start + 1)..<(leaves + 1) {
        fewest[end] = (start..<end).compactMap { middle in
          byRange[middle..<end] == nil ? nil : fewest[middle].map { $0 + 1 }
        }.min()
        let nodes = tree.nodes(covering: start..<end)
        #expect(nodes.flatMap { Array(tree.leaves(of: $0)) } == Array(start..<end))
        #expect(nodes.allSatisfy { byRange[tree.leaves(of: $0)] == $0 }, "not the lowest name")
        #expect(nodes.count == fewest[end])
      }
    }
  }

  @Test func `a missing half is no addition: the last leaf of five joins at the top`() {
    let tree = PairwiseTree(leaves: 5)
    #expect(tree.root == TreeNode(level: 3, index: 0))
    #expect(tree.nodes(covering: 4..<5) == [TreeNode(level: 0, index: 4)])
    #expect(
      tree.parent(of: TreeNode(level: 2, index: 0), TreeNode(level: 0, index: 4)) == tree.root)
    #expect(tree.parent(of: TreeNode(level: 0, index: 1), TreeNode(level: 0, index: 2)) == nil)
  }
}
