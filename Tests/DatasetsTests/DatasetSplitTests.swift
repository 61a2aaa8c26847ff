import Tensors
import Testing

@testable import Datasets

@Suite struct DatasetSplitTests {
  /// A dataset with the given number of samples in each class, in turn.
  private func dataset(_ sizes: [Int], split: Split? = nil, more: [Split] = []) -> Dataset {
    var samples: [Sample] = []
    for split in [split] + more.map(Optional.some) {
      for (label, size) in sizes.enumerated() {
        for index in 0..<size {
          samples.append(
            Sample(path: "\(label)/\(index)", label: label, split: split, bytes: 1))
        }
      }
    }
    return Dataset(
      classes: sizes.indices.map(String.init), samples: samples, source: .photos(root: ""))
  }

  private static let tables: [[Int]] = [
    [14, 9, 7], [795, 112, 300, 301], [6000, 6000], [10, 10, 10], [2, 2, 2, 50], [1, 3, 100],
    [33, 67, 21, 5, 11, 13, 17, 19],
  ]
  private static let shares = [(0.1, 0.1), (0.2, 0.0), (0.0, 0.25), (0.15, 0.3), (0.45, 0.45)]

  @Test(arguments: tables, shares)
  func `each class and the whole keep their shares; nothing is lost or used twice`(
    sizes: [Int], shares: (Double, Double)
  ) throws {
    try check(sizes, validation: shares.0, test: shares.1, seed: 42)
  }

  @Test func `the same holds for random tables`() throws {
    let random = Philox(seed: 7, stream: .split)
    for round in 0..<500 {
      let classes = 2 + random.integer(below: 20, position: round, index: 0)
      let sizes = (0..<classes).map {
        2 + random.integer(below: 60, position: round, index: 10 + $0)
      }
      let validation = 0.5 * Double(random.uniform(position: round, index: 1))
      let test = 0.49 * Double(random.uniform(position: round, index: 2))
      do {
        try check(sizes, validation: validation, test: test, seed: UInt64(round))
      } catch SplitError.empty(_, let share, let samples) {
        #expect(share * Double(samples) < 1)
      }
    }
  }

  private func check(_ sizes: [Int], validation: Double, test: Double, seed: UInt64) throws {
    let dataset = dataset(sizes)
    let splits = try dataset.split(validation: validation, test: test, seed: seed)
    let shares: [(Split, Double)] = [
      (.train, 1 - validation - test), (.validation, validation), (.test, test),
    ]
    // Where classes are so small that their last training sample is in question, the whole can't be
    // kept to its share.
    let isTiny = sizes.contains { Double($0) * (1 - validation - test) < 1 }
    for (split, share) in shares {
      let indices = splits[split]
      #expect(indices == indices.sorted())
      let whole = Double(dataset.samples.count) * share
      if !isTiny { #expect(abs(Double(indices.count) - whole) <= 1 + 1e-9, "\(split) of \(sizes)") }
      for (label, size) in sizes.enumerated() {
        let count = indices.count { dataset.samples[$0].label == label }
        #expect(
          abs(Double(count) - Double(size) * share) <= 1 + 1e-9,
          "class \(label) of \(sizes) in \(split): \(count)")
        if split == .train { #expect(count > 0) }
      }
    }
    #expect(
      (splits.train + splits.validation + splits.test).sorted() == Array(dataset.samples.indices))
  }

  @Test func `the seed decides`() throws {
    let dataset = dataset([50, 30])
    let first = try dataset.split(validation: 0.2, test: 0.1, seed: 1)
    #expect(try dataset.split(validation: 0.2, test: 0.1, seed: 1) == first)
    #expect(try dataset.split(validation: 0.2, test: 0.1, seed: 2) != first)
  }

  @Test func `frozen: a run's split can't change between versions`() throws {
    let splits = try dataset([14, 9, 7]).split(validation: 0.1, test: 0.1, seed: 42)
    #expect(splits.validation == [0, 18, 24])
    #expect(splits.test == [2, 11, 20])
  }

  @Test func `existing splits are taken`() throws {
    let withTest = try dataset([10, 20], split: .train, more: [.test])
      .split(validation: 0.1, test: 0.5, seed: 42)
    #expect(withTest.test == Array(30..<60))
    #expect(withTest.validation.count == 3)
    #expect(withTest.validation.allSatisfy { $0 < 30 })
    let withBoth = try dataset([10, 20], split: .train, more: [.validation, .test])
      .split(validation: 0.1, test: 0.1, seed: 42)
    #expect(withBoth.train == Array(0..<30))
    #expect(withBoth.validation == Array(30..<60))
    #expect(withBoth.test == Array(60..<90))
  }

  @Test(arguments: [(-0.1, 0.1), (0.1, -0.1), (0.5, 0.5), (.nan, 0.1), (0, .infinity)])
  func `shares that are none are refused`(validation: Double, test: Double) {
    #expect(throws: SplitError.self) {
      try dataset([9, 9]).split(validation: validation, test: test, seed: 1)
    }
  }

  @Test func `a share of nothing is told`() {
    #expect(throws: SplitError.empty(.validation, share: 0.1, samples: 4)) {
      try dataset([2, 2]).split(validation: 0.1, test: 0, seed: 1)
    }
  }
}
