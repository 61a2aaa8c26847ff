import Tensors
import Testing

@testable import DataParallel

@Suite struct LeafSumTests {
  private let layout = FlatLayout([FlatEntry(name: "weight", shape: [40], kind: .weight)])

  @Test(arguments: 1..<20)
  func `adds the leaves of an interval in tree order, in the buffers it promises`(leaves: Int) {
    let tree = PairwiseTree(leaves: leaves)
    let values = (0..<leaves).map { unevenNumbers(layout.gradientCount, position: $0) }
    let sum = LeafSum(layout, threads: ThreadPool(threads: 1))
    for start in 0..<leaves {
      for end in (start + 1)..<(leaves + 1) {
        var buffers: Set<UnsafeMutablePointer<Float>> = []
        let fresh = LeafSum(layout, threads: ThreadPool(threads: 1))
        for sum in [sum, fresh] {
          sum.begin(start..<end, of: tree)
          for leaf in start..<end {
            let buffer = sum.nextBuffer()
            if sum === fresh { buffers.insert(buffer.pointer) }
            buffer.pointer.update(from: values[leaf], count: values[leaf].count)
            sum.push()
          }
          #expect(sum.nodes.map(\.node) == tree.nodes(covering: start..<end))
          for (node, store) in sum.nodes {
            let expected = (0..<layout.gradientCount).map { element in
              naiveSum(values[tree.leaves(of: node)].map { $0[element] }[...]).bitPattern
            }
            let bits = (0..<layout.gradientCount).map { store.pointer[$0].bitPattern }
            #expect(bits == expected)
          }
        }
        #expect(buffers.count == LeafSum.buffers(for: start..<end, of: tree))
      }
    }
  }

  @Test func `the numbers tell orders apart: adding one after the other gives other bits`() {
    let values = unevenNumbers(64 * 8, position: 0)
    let differing = (0..<64).count { column in
      let leaves = (0..<8).map { values[column * 8 + $0] }
      return leaves.reduce(0, +).bitPattern != naiveSum(leaves[...]).bitPattern
    }
    #expect(differing > 16)
  }
}
