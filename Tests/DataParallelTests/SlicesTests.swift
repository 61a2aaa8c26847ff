import Tensors
import Testing

@testable import DataParallel

@Suite struct SlicesTests {
  private let layout = FlatLayout([
    FlatEntry(name: "large", shape: [3, 50_000], kind: .weight),
    FlatEntry(name: "small", shape: [5], kind: .vector),
    FlatEntry(name: "middle", shape: [77, 100], kind: .weight),
    FlatEntry(name: "mean", shape: [300], kind: .statistic),
  ])

  @Test(arguments: 1..<20)
  func `tile the gradient on block borders, within a block of even`(ranks: Int) {
    let slices = Slices(layout, ranks: ranks)
    #expect(slices.ranges.first?.lowerBound == 0)
    #expect(slices.ranges.last?.upperBound == layout.gradientCount)
    #expect(slices.blocks.last?.upperBound == layout.blocks.count)
    for (range, next) in zip(slices.ranges, slices.ranges.dropFirst()) {
      #expect(range.upperBound == next.lowerBound)
    }
    let borders = Set(layout.blocks.map(\.lowerBound) + [layout.gradientCount])
    for (range, blocks) in zip(slices.ranges, slices.blocks) {
      #expect(borders.contains(range.lowerBound) && borders.contains(range.upperBound))
      #expect(layout.blocks[blocks].reduce(0) { $0 + $1.count } == range.count)
      #expect(abs(range.count - layout.gradientCount / ranks) <= FlatLayout.blockLength)
    }
  }

  @Test func `weights are the slice without the tail; they tile the weights`() {
    let slices = Slices(layout, ranks: 3)
    #expect((0..<3).map { slices.weights(of: $0).count }.reduce(0, +) == layout.weightCount)
    #expect(slices.weights(of: 2).upperBound == layout.weightCount)
  }

  @Test(arguments: 1..<20)
  func `the blocks of parameters follow one another over the ranks`(ranks: Int) {
    let slices = Slices(layout, ranks: ranks)
    let all = (0..<ranks).flatMap { Array(slices.parameterBlocks(of: $0)) }
    #expect(all == Array(0..<layout.blocks.count { $0.lowerBound < layout.parameters.upperBound }))
  }

  @Test func `more ranks than blocks leaves some without any`() {
    let tiny = FlatLayout([FlatEntry(name: "weight", shape: [3], kind: .weight)])
    let slices = Slices(tiny, ranks: 5)
    #expect(slices.ranges.reduce(0) { $0 + $1.count } == tiny.gradientCount)
    #expect(slices.ranges.filter(\.isEmpty).count == 3)
  }
}
