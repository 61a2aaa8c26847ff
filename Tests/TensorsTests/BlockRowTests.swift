import Testing

@testable import Tensors

@Suite struct BlockRowTests {
  private func take(_ count: Int, from row: inout BlockRow) -> Range<Int> {
    row.take(count, from: row.smallestGap(for: count))
  }

  @Test func `a block is put into the smallest gap that holds it`() {
    var row = BlockRow()
    let blocks = [30, 1, 10, 1, 20, 1].map { take($0, from: &row) }
    for index in [0, 2, 4] { row.free(blocks[index]) }
    #expect(row.gaps.map(\.count) == [30, 10, 20] && row.used == 3)
    #expect(take(15, from: &row) == 42..<57)
    #expect(take(10, from: &row) == 31..<41)
    #expect(take(40, from: &row) == 63..<103)
  }

  @Test func `blocks never overlap, and neighbours are joined when they are free`() {
    var random = SystemRandomNumberGenerator()
    var row = BlockRow()
    var blocks: [Range<Int>] = []
    for _ in 0..<2000 {
      if blocks.count < 40, Bool.random(using: &random) {
        blocks.append(take(Int.random(in: 1...50, using: &random), from: &row))
      } else if let index = blocks.indices.randomElement(using: &random) {
        row.free(blocks.remove(at: index))
      }
      let sorted = blocks.sorted { $0.lowerBound < $1.lowerBound }
      let between = zip([0..<0] + sorted, sorted).map { $0.upperBound..<$1.lowerBound }
      #expect(between.allSatisfy { $0.lowerBound <= $0.upperBound })
      #expect(row.gaps == between.filter { !$0.isEmpty })
      #expect(row.end == sorted.last?.upperBound ?? 0)
    }
  }
}
