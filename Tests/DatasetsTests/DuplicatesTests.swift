import Files
import Images
import Support
import Testing

@testable import Datasets

@Suite struct DuplicatesTests {
  @Test func `an index finds all that are near, and nothing else`() {
    var random = SystemRandomNumberGenerator()
    var hashes = (0..<400).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    // Neighbours in every number of bits, in any places.
    for bits in 0..<40 {
      var near = hashes[bits]
      for bit in (0..<64).shuffled().prefix(bits) { near ^= 1 << UInt64(bit) }
      hashes.append(near)
    }
    let index = HashIndex(hashes)
    for (place, hash) in hashes.enumerated() {
      let expected = (0..<place).filter {
        (hashes[$0] ^ hash).nonzeroBitCount <= HashIndex.radius
      }
      #expect(index.near(hash, below: place) == expected)
    }
  }

  @Test func `a film's pictures lead to some of those before them`() {
    let index = HashIndex([UInt64](repeating: 5, count: 100_000))
    #expect(index.near(4, below: 100_000).count == 256)
  }

  private typealias Pair = DuplicateCandidates.Pair

  @Test func `copies of copies are one group`() {
    let pairs = [(1, 5), (5, 9), (2, 3), (9, 10)].map {
      Pair(first: $0.0, second: $0.1, isMirrored: false)
    }
    #expect(DuplicateGroups.joined(pairs, photos: 12) == [[1, 5, 9, 10], [2, 3]])
  }

  private func dataset(_ splits: [Split?], groups: [String?]? = nil) -> Dataset {
    let groups = groups ?? splits.map { _ in nil }
    return Dataset(
      classes: ["a", "b"],
      samples: zip(splits, groups).enumerated().map { index, own in
        Sample(path: "\(index).jpg", label: index % 2, split: own.0, bytes: 0, group: own.1)
      }, source: .photos(root: "/photos"))
  }

  private func manifest(_ dataset: Dataset, _ pairs: [(Int, Int)]) throws -> [String] {
    let copies = DuplicateGroups(
      pairs.map { (Pair(first: $0.0, second: $0.1, isMirrored: false), 1) }, in: dataset)
    return try dataset.manifest(grouping: copies, at: "/photos/m.csv").text.split(separator: "\n")
      .map(String.init)
  }

  @Test func `copies share a group, with the groups that they had`() throws {
    let own = dataset(
      [.train, .train, .train, .train, .test, .test], groups: [nil, nil, "ann", "ann", "bob", nil])
    #expect(
      try manifest(own, [(0, 1), (1, 2)]) == [
        "path,label,split,group", "0.jpg,a,train,ann", "1.jpg,b,train,ann", "2.jpg,a,train,ann",
        "3.jpg,b,train,ann", "4.jpg,a,test,bob", "5.jpg,b,test,",
      ])
  }

  @Test func `a name that a group has is taken`() throws {
    let own = dataset([nil, nil, nil, nil], groups: [nil, nil, "copies-1", "copies-1"])
    #expect(
      try manifest(own, [(0, 1)]) == [
        "path,label,group", "0.jpg,a,copies-2", "1.jpg,b,copies-2", "2.jpg,a,copies-1",
        "3.jpg,b,copies-1",
      ])
  }

  @Test func `splits that copies are on both sides of are left out`() throws {
    let own = dataset([.train, .train, .test, .test])
    #expect(
      try manifest(own, [(1, 2)]) == [
        "path,label,group", "0.jpg,a,", "1.jpg,b,copies-1", "2.jpg,a,copies-1", "3.jpg,b,",
      ])
    let found = DuplicateGroups(
      [(Pair(first: 1, second: 2, isMirrored: true), 0.98)], in: own)
    #expect(found.exact == 0 && found.near == 1 && found.groups == [["1.jpg", "2.jpg"]])
    #expect(try own.manifest(grouping: found, at: "/photos/m.csv").leavesOut == "splits")
    #expect(found.acrossSplits == 1 && found.acrossClasses == 1 && found.acrossFolds == 0)
  }
}
