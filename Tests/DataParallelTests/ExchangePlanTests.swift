import Testing

@testable import DataParallel

@Suite struct ExchangePlanTests {
  @Test(arguments: 1..<40)
  func `what the ranks hold adds up to the tree's sum, bit for bit`(leaves: Int) {
    let values = unevenNumbers(leaves, position: leaves)
    let expected = naiveSum(values[...])
    for ranks in 1..<(leaves + 3) {
      let cuts = [
        LeafIntervals.cut(leaves: leaves, ranks: ranks), LeafIntervals.even(leaves, ranks: ranks),
      ]
      for plan in cuts.map({ ExchangePlan(leaves: leaves, intervals: $0) }) {
        var held = plan.holders.map { holder in
          naiveSum(values[plan.tree.leaves(of: plan.nodes[holder.rank][holder.round])])
        }
        for addition in plan.additions { held[addition.target] += held[addition.source] }
        #expect(held[0].bitPattern == expected.bitPattern, "\(ranks) ranks")
        #expect(plan.additions.count == plan.holders.count - 1)
      }
    }
  }

  @Test func `minus zero survives: nothing is added for a missing half`() {
    let plan = ExchangePlan(leaves: 1, ranks: 4)
    #expect(plan.additions.isEmpty)
    #expect(plan.holders.map(\.rank) == [0])
  }
}
