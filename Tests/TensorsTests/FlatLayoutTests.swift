import Tensors
import Testing

@Suite struct FlatLayoutTests {
  static let layout = FlatLayout([
    FlatEntry(name: "a.weight", shape: [3, 3, 5, 7], kind: .weight, order: .filters),
    FlatEntry(name: "bn.running_mean", shape: [7], kind: .statistic),
    FlatEntry(name: "b.weight", shape: [100, 100], kind: .weight, order: .transposed),
    FlatEntry(name: "b.bias", shape: [1], kind: .vector),
  ])

  @Test func `every entry starts on 64 bytes and statistics come last`() {
    let layout = Self.layout
    #expect(layout.entries.map(\.name) == ["a.weight", "b.weight", "b.bias", "bn.running_mean"])
    #expect(layout.entries.allSatisfy { $0.offset % 16 == 0 })
    #expect(layout.statistics == layout.entries[3].offset..<(layout.entries[3].offset + 16))
    #expect(layout.tail.lowerBound == layout.weightCount)
    let store = FlatStore.gradient(layout)
    #expect(UInt(bitPattern: store.pointer) % 64 == 0)
    #expect(layout.parameterCount == 315 + 10000 + 1)
  }

  @Test func `blocks tile and restart at each entry`() {
    let layout = Self.layout
    var next = 0
    for block in layout.blocks {
      #expect(block.lowerBound == next)
      #expect(block.count <= FlatLayout.blockLength)
      next = block.upperBound
    }
    #expect(next == layout.gradientCount)
    let starts = Set(layout.blocks.map(\.lowerBound))
    #expect(layout.entries.allSatisfy { starts.contains($0.offset) })
    #expect(layout.blocks.last == layout.tail)
  }

  @Test func `each entry has its blocks`() {
    let layout = Self.layout
    let blocks = layout.blocksByEntry
    #expect(blocks.map(\.entry) == layout.entries)
    #expect(blocks.map(\.blocks) == [0..<1, 1..<4, 4..<5, 5..<6])
    for (entry, blocks) in blocks {
      #expect(layout.blocks[blocks].first?.lowerBound == entry.offset)
      #expect(layout.blocks[blocks].last!.upperBound >= entry.range.upperBound)
    }
  }

  @Test func `stores start as zeros and tensors are views`() {
    let store = FlatStore.gradient(Self.layout)
    #expect((0..<store.count).allSatisfy { store.pointer[$0] == 0 })
    let bias = Self.layout.entry(named: "b.bias")!
    store.tensor(bias).pointer[0] = 5
    #expect(store.pointer[bias.offset] == 5)
    store[.weight] = 3
    #expect(store.pointer[Self.layout.tail.lowerBound + 1] == 3)
  }
}
