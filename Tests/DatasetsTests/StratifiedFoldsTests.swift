import FoundationEssentials
import Support
import Tensors
import Testing
@testable import Datasets

@Suite struct StratifiedFoldsTests {
  /// What Tests/Golden/folds.py says.
  private struct Reference: Decodable {
    struct Plain: Decodable {
      let labels: [Int]
      let folds: Int
      /// For each fold, items by class.
      let counts: [[Int]]
    }
    struct Grouped: Decodable {
      let labels: [Int]
      let groups: [Int]
      let folds: Int
      let spread: Double
    }
    let plain: [Plain]
    let grouped: [Grouped]

    static func read() throws -> Reference {
      try JSONDecoder().decode(Reference.self, from: Data(Golden.bytes("folds.json")))
    }
  }

  private func counts(_ folds: [Int], _ labels: [Int], count: Int) -> [[Int]] {
    let classes = (labels.max() ?? -1) + 1
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: count)
    for (fold, label) in zip(folds, labels) { counts[fold][label] += 1 }
    return counts
  }

  @Test func `as many of each class in each fold as scikit-learn`() throws {
    for reference in try Reference.read().plain {
      let folds = StratifiedFolds.assign(
        labels: reference.labels, count: reference.folds, seed: 42)
      #expect(counts(folds, reference.labels, count: reference.folds) == reference.counts)
    }
  }

  @Test func `classes and the whole to within one; nothing is lost`() {
    let random = Philox(seed: 3, stream: .split)
    for round in 0..<500 {
      let classes = 1 + random.integer(below: 12, position: round, index: 0)
      let size = random.integer(below: 300, position: round, index: 1)
      let count = 2 + random.integer(below: 9, position: round, index: 2)
      let labels = (0..<size).map {
        random.integer(below: classes, position: round, index: 10 + $0)
      }
      let folds = StratifiedFolds.assign(labels: labels, count: count, seed: UInt64(round))
      #expect(folds.count == size && folds.allSatisfy { (0..<count).contains($0) })
      let counts = counts(folds, labels, count: count)
      let totals = counts.map { $0.reduce(0, +) }
      #expect((totals.max() ?? 0) - (totals.min() ?? 0) <= 1)
      for label in 0..<((labels.max() ?? -1) + 1) {
        let column = counts.map { $0[label] }
        #expect((column.max() ?? 0) - (column.min() ?? 0) <= 1)
      }
    }
  }

  @Test func `groups are never split up`() {
    let random = Philox(seed: 4, stream: .split)
    for round in 0..<300 {
      let size = 1 + random.integer(below: 200, position: round, index: 0)
      let count = 2 + random.integer(below: 6, position: round, index: 1)
      let limit = 1 + random.integer(below: size, position: round, index: 2)
      let labels = (0..<size).map { random.integer(below: 5, position: round, index: 10 + $0) }
      let groups = (0..<size).map {
        random.integer(below: limit, position: round, index: 1000 + $0)
      }
      let folds = StratifiedFolds.assign(
        labels: labels, groups: groups, count: count, seed: UInt64(round))
      #expect(folds.count == size && folds.allSatisfy { (0..<count).contains($0) })
      var fold: [Int: Int] = [:]
      for (group, own) in zip(groups, folds) {
        #expect(fold.updateValue(own, forKey: group) ?? own == own)
      }
    }
  }

  @Test func `groups are spread at least as evenly as scikit-learn spreads them`() throws {
    for reference in try Reference.read().grouped {
      let spreads = (0..<10).map { seed in
        let folds = StratifiedFolds.assign(
          labels: reference.labels, groups: reference.groups, count: reference.folds,
          seed: UInt64(seed))
        let counts = counts(folds, reference.labels, count: reference.folds)
        var sum = 0.0
        for label in counts[0].indices {
          let total = Double(counts.reduce(0) { $0 + $1[label] })
          for fold in counts {
            let deviation = Double(fold[label]) / total - 1 / Double(reference.folds)
            sum += deviation * deviation
          }
        }
        return (sum / Double(counts.count * counts[0].count)).squareRoot()
      }
      let spread = spreads.reduce(0, +) / Double(spreads.count)
      #expect(spread <= reference.spread, "\(spread), scikit-learn \(reference.spread)")
    }
  }

  @Test func `the seed decides`() {
    let labels = (0..<60).map { $0 % 3 }
    let first = StratifiedFolds.assign(labels: labels, count: 5, seed: 1)
    #expect(StratifiedFolds.assign(labels: labels, count: 5, seed: 1) == first)
    #expect(StratifiedFolds.assign(labels: labels, count: 5, seed: 2) != first)
  }

  @Test func `frozen: folds can't change between versions`() {
    let labels = (0..<14).map { $0 % 2 }
    #expect(
      StratifiedFolds.assign(labels: labels, count: 3, seed: 42)
        == [0, 1, 0, 0, 1, 1, 1, 1, 2, 2, 0, 2, 2, 0])
    #expect(
      StratifiedFolds.assign(
        labels: labels, groups: labels.indices.map { $0 / 3 }, count: 2, seed: 42)
        == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0])
  }
}

@Suite struct DatasetFoldsTests {
  private func dataset(_ samples: [Sample], classes: [String] = ["a", "b"]) -> Dataset {
    Dataset(classes: classes, samples: samples, source: .photos(root: ""))
  }

  private func samples(_ count: Int, group: (Int) -> String? = { _ in nil }) -> [Sample] {
    (0..<count).map {
      Sample(path: "\($0)", label: $0 % 2, split: nil, bytes: 1, group: group($0))
    }
  }

  @Test func `own folds are taken`() throws {
    let dataset = dataset(
      (0..<6).map { Sample(path: "\($0)", label: $0 % 2, split: nil, bytes: 1, fold: $0 / 2) })
    #expect(try dataset.folds(of: [0, 3, 5], count: nil, seed: 1) == [0, 1, 2])
    #expect(throws: FoldError.own(3, wanted: 5)) {
      try dataset.folds(of: Array(0..<6), count: 5, seed: 1)
    }
  }

  @Test func `what can't be cut into folds is told`() throws {
    let plain = dataset(samples(9))
    let all = Array(0..<9)
    #expect(throws: FoldError.none) { try plain.folds(of: all, count: nil, seed: 1) }
    #expect(throws: FoldError.count(1)) { try plain.folds(of: all, count: 1, seed: 1) }
    #expect(throws: FoldError.tooFew("b", photos: 4, folds: 5)) {
      try plain.folds(of: all, count: 5, seed: 1)
    }
    let two = dataset(samples(9) { "\($0 / 5)" })
    #expect(throws: FoldError.tooFewGroups(2, folds: 3)) {
      try two.folds(of: all, count: 3, seed: 1)
    }
    let byClass = dataset(samples(9) { $0 % 2 == 0 ? "x" : "\($0)" })
    #expect(throws: FoldError.unevenGroups("a", fold: 1)) {
      try byClass.folds(of: all, count: 2, seed: 1)
    }
  }

  @Test
  func `splits keep groups together, near their shares, and every class in training`() throws {
    let dataset = dataset(samples(400) { $0 < 40 ? nil : "\($0 / 5)" })
    let splits = try dataset.split(validation: 0.2, test: 0.1, seed: 42)
    #expect((splits.train + splits.validation + splits.test).sorted() == Array(0..<400))
    #expect(abs(splits.validation.count - 80) <= 5 && abs(splits.test.count - 40) <= 5)
    var side: [String: Split] = [:]
    for split in Split.allCases {
      for index in splits[split] {
        guard let group = dataset.samples[index].group else { continue }
        #expect(side.updateValue(split, forKey: group) ?? split == split)
      }
    }
    let lonely = self.dataset(samples(40) { $0 % 2 == 0 ? "x" : nil })
    #expect(throws: SplitError.untrained("a")) {
      _ = try lonely.split(validation: 0.6, test: 0, seed: 1)
    }
    let whole = try dataset.split(validation: 0.2, test: 0, seed: 42)
    #expect(whole.test.isEmpty)
  }
}
