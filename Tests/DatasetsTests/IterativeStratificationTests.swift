import FoundationEssentials
import Support
import Testing

@testable import Datasets

@Suite struct IterativeStratificationTests {
  /// What Tests/Golden/label_folds.py says.
  private struct Reference: Decodable {
    let labels: [[Int]]
    let classes: Int
    let folds: Int
    let spread: Double
  }

  private func even(_ count: Int) -> [Double] {
    [Double](repeating: 1 / Double(count), count: count)
  }

  private func counts(_ labels: [[Int]], _ parts: [Int], of part: Int, classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for (own, place) in zip(labels, parts) where place == part {
      for label in own { counts[label] += 1 }
    }
    return counts
  }

  /// Each of ten seeds, as there.
  @Test func `labels are spread as evenly as by iterative-stratification`() throws {
    let all = try JSONDecoder().decode(
      [Reference].self, from: Data(Golden.bytes("label_folds.json")))
    #expect(all.count == 4)
    for reference in all {
      let labels = reference.labels
      let wanted = counts(labels, labels.map { _ in 0 }, of: 0, classes: reference.classes)
        .map { Double($0) / Double(reference.folds) }
      var spread = 0.0
      for seed in 0..<10 {
        let folds = IterativeStratification.assign(
          labels: labels, groups: Array(labels.indices), shares: even(reference.folds),
          seed: UInt64(seed))
        for fold in 0..<reference.folds {
          let own = counts(labels, folds, of: fold, classes: reference.classes)
          spread += zip(own, wanted).reduce(0) { $0 + abs(Double($1.0) - $1.1) }
          let size = folds.count { $0 == fold }
          #expect(abs(size - labels.count / reference.folds) <= 3, "\(size) photos")
        }
      }
      spread /= Double(10 * reference.folds * reference.classes)
      #expect(spread <= 1.1 * reference.spread, "\(spread), and there \(reference.spread)")
    }
  }

  @Test func `groups stay together, shares are kept, and a seed deals otherwise`() {
    let labels = (0..<240).map { item in [0, 1, 2, 3].filter { item % ($0 + 2) == 0 } }
    let groups = labels.indices.map { $0 / 3 }
    let shares = [0.8, 0.2, 0]
    let parts = IterativeStratification.assign(
      labels: labels, groups: groups, shares: shares, seed: 1)
    for group in 0..<80 { #expect(Set(parts[(3 * group)..<(3 * group + 3)]).count == 1) }
    #expect((45...51).contains(parts.count { $0 == 1 }) && !parts.contains(2))
    for label in 0..<4 {
      let all = counts(labels, labels.map { _ in 0 }, of: 0, classes: 4)[label]
      let own = counts(labels, parts, of: 1, classes: 4)[label]
      #expect(abs(Double(own) - 0.2 * Double(all)) <= 2)
    }
    #expect(
      parts
        != IterativeStratification.assign(labels: labels, groups: groups, shares: shares, seed: 2))
    #expect(IterativeStratification.assign(labels: [], groups: [], shares: shares, seed: 1) == [])
  }

  @Test func `a label of two photos is trained on, and photos without labels are shared out`() {
    let labels = (0..<50).map { $0 < 2 ? [0, 1] : $0 < 30 ? [1] : [] }
    let parts = IterativeStratification.assign(
      labels: labels, groups: Array(labels.indices), shares: [0.8, 0.1, 0.1], seed: 3)
    #expect(parts[0] == 0 && parts[1] == 0)
    #expect([1, 2].allSatisfy { part in parts[30...].count { $0 == part } == 2 })
  }
}
