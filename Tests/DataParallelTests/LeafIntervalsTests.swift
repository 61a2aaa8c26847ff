import Testing

@testable import DataParallel

@Suite struct LeafIntervalsTests {
  @Test(arguments: 1..<13)
  func `cuts tile the leaves, none too long, and no cut sends less`(leaves: Int) {
    let tree = PairwiseTree(leaves: leaves)
    func sent(_ cut: [Range<Int>]) -> Int { cut.reduce(0) { $0 + tree.nodes(covering: $1).count } }
    for ranks in 1..<(leaves + 1) {
      let cut = LeafIntervals.cut(leaves: leaves, ranks: ranks)
      let longest = (leaves + ranks - 1) / ranks
      #expect(cut.count == ranks)
      #expect(cut.flatMap { Array($0) } == Array(0..<leaves))
      #expect(cut.allSatisfy { (1...longest).contains($0.count) })
      let least = allCuts(from: 0, to: leaves, ranks: ranks, longest: longest).map(sent).min()
      #expect(sent(cut) == least)
    }
  }

  /// The whole table of least costs, which is as long as the leaves are many.
  @Test(arguments: Array(1..<34) + [48, 57, 64])
  func `cuts are those of the definition`(leaves: Int) {
    let tree = PairwiseTree(leaves: leaves)
    for ranks in 1..<(leaves + 1) {
      let longest = (leaves + ranks - 1) / ranks
      // For each start: the fewest nodes, the least sum of squares, and the first length.
      var best: [[Int]?] = Array(repeating: nil, count: leaves) + [[0, 0]]
      var lengths: [[Int]] = []
      for _ in 0..<ranks {
        let table = (0...leaves).map { start -> (cost: [Int], length: Int)? in
          var least: (cost: [Int], length: Int)?
          for length in 1..<(longest + 1) where start + length <= leaves {
            guard let rest = best[start + length] else { continue }
            let nodes = tree.nodes(covering: start..<(start + length)).count
            let cost = [nodes + rest[0], length * length + rest[1]]
            if let least, !cost.lexicographicallyPrecedes(least.cost) { continue }
            least = (cost, length)
          }
          return least
        }
        best = table.map { $0?.cost }
        lengths.append(table.map { $0?.length ?? 0 })
      }
      var start = 0
      let expected = lengths.reversed().map { lengths in
        defer { start += lengths[start] }
        return start..<(start + lengths[start])
      }
      #expect(LeafIntervals.cut(leaves: leaves, ranks: ranks) == expected)
    }
  }

  /// With a table over all leaves this took a quarter of an hour.
  @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 7, 64])
  func `many leaves are cut at once`(ranks: Int) {
    let leaves = 54_001
    let cut = LeafIntervals.cut(leaves: leaves, ranks: ranks)
    #expect(cut.first?.lowerBound == 0 && cut.last?.upperBound == leaves)
    #expect(zip(cut, cut.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(cut.allSatisfy { $0.count <= (leaves + ranks - 1) / ranks && !$0.isEmpty })
  }

  @Test(arguments: [1, 2, 4, 8])
  func `a power of two of leaves for each rank is one node each`(ranks: Int) {
    let plan = ExchangePlan(leaves: 16, ranks: ranks)
    #expect(plan.nodes.allSatisfy { $0.count == 1 })
    #expect(plan.rounds == 1)
  }

  @Test func `a step with fewer leaves than ranks leaves the last ranks without`() {
    #expect(LeafIntervals.cut(leaves: 3, ranks: 5) == [0..<1, 1..<2, 2..<3, 3..<3, 3..<3])
  }

  @Test(arguments: Array(1..<25) + [57, 64])
  func `the cuts keep within ⌊log2 L⌋ + 3 gradients`(leaves: Int) {
    let tree = PairwiseTree(leaves: leaves)
    for ranks in 1..<(min(leaves, 12) + 1) {
      for interval in LeafIntervals.cut(leaves: leaves, ranks: ranks) {
        let levels = Int.bitWidth - 1 - interval.count.leadingZeroBitCount
        let buffers = LeafSum.buffers(for: interval, of: tree)
        // One more where nodes that end before the interval's last wait for a sibling elsewhere.
        #expect(buffers <= levels + 3, "\(interval) of \(leaves) on \(ranks) ranks")
        if interval.lowerBound == 0 { #expect(buffers <= levels + 2) }
      }
    }
  }

  @Test(arguments: [0, 1, 5, 16, 17])
  func `even cuts tile the atoms`(atoms: Int) {
    let cut = LeafIntervals.even(atoms, ranks: 5)
    #expect(cut.flatMap { Array($0) } == Array(0..<atoms))
    #expect(cut.allSatisfy { abs($0.count * 5 - atoms) < 5 })
  }

  @Test func `too many ranks: the line says which settings fit`() throws {
    try TooManyRanks.check(ranks: 4, leaves: 4, globalBatch: 64, microBatch: 16)
    let error = #expect(throws: TooManyRanks.self) {
      try TooManyRanks.check(ranks: 5, leaves: 4, globalBatch: 64, microBatch: 16)
    }
    #expect(
      error?.description
        == "5 ranks are more than the 4 micro-batches of a step (global-batch 64 / micro-batch 16); "
        + "what fits: at most 4 ranks, or training.global-batch of at least 65, or "
        + "training.micro-batch of at most 15")
    try TooManyRanks.check(ranks: 5, leaves: 5, globalBatch: 65, microBatch: 16)
    try TooManyRanks.check(ranks: 5, leaves: 5, globalBatch: 64, microBatch: 15)
    let tiny = #expect(throws: TooManyRanks.self) {
      try TooManyRanks.check(ranks: 9, leaves: 2, globalBatch: 8, microBatch: 4)
    }
    #expect(tiny?.description.contains("micro-batch of at most") == false)
    // No batch is larger than all photos.
    let few = #expect(throws: TooManyRanks.self) {
      try TooManyRanks.check(ranks: 16, leaves: 1, globalBatch: 5, microBatch: 16, photos: 5)
    }
    #expect(
      few?.description
        == "16 ranks are more than the 1 micro-batch of a step (all 5 photos / micro-batch 16); what "
        + "fits: at most 1 rank")
    // Three photos are one micro-batch where two are the least.
    let odd = #expect(throws: TooManyRanks.self) {
      try TooManyRanks.check(ranks: 2, leaves: 1, globalBatch: 3, microBatch: 2)
    }
    #expect(odd?.description.contains("global-batch of at least 4") == true)
    #expect(odd?.description.contains("micro-batch of at most") == false)
  }

  private func allCuts(from start: Int, to end: Int, ranks: Int, longest: Int) -> [[Range<Int>]] {
    if ranks == 0 { return start == end ? [[]] : [] }
    return (1..<(longest + 1)).filter { start + $0 <= end }.flatMap { length in
      allCuts(from: start + length, to: end, ranks: ranks - 1, longest: longest)
        .map { [start..<(start + length)] + $0 }
    }
  }
}
