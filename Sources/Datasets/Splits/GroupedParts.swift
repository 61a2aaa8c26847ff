import Tensors

/// Parts of given shares, such as folds or splits, made of whole groups.
enum GroupedParts {
  /// The part of each item, as an index into `shares`. A part without a share gets nothing.
  ///
  /// Groups are placed one by one, the largest first, those of one size in random order. Each goes to
  /// the part that lacks most of what the group has: with n of a class's N items in the part and g
  /// in the group, where Σ g/N · (share − n/N) is largest. That is the part that leaves the least sum
  /// of squared deviations from the shares. Of equals, the part that lacks most items is taken, then
  /// the first. (scikit-learn's `StratifiedGroupKFold` adds up standard deviations, and begins with
  /// groups that are uneven in their classes; on the same groups, its folds come out less even.)
  static func assign(
    labels: [Int], groups: [Int], shares: [Double], seed: UInt64
  ) -> [Int] {
    let classes = (labels.max() ?? -1) + 1
    var totals = [Int](repeating: 0, count: classes)
    var places: [Int: Int] = [:]
    var counts: [[Int]] = []
    for (label, group) in zip(labels, groups) {
      let place = places[group] ?? counts.count
      if place == counts.count {
        places[group] = place
        counts.append([Int](repeating: 0, count: classes))
      }
      counts[place][label] += 1
      totals[label] += 1
    }

    let sizes = counts.map { $0.reduce(0, +) }
    let order = Philox(seed: seed, stream: .folds).permutation(counts.count).enumerated()
      .sorted { (-sizes[$0.element], $0.offset) < (-sizes[$1.element], $1.offset) }
    var filled = shares.map { _ in [Int](repeating: 0, count: classes) }
    var parts = [Int](repeating: 0, count: counts.count)
    for (_, group) in order {
      let best = shares.indices.filter { shares[$0] > 0 }.map { part in
        let present = (0..<classes).filter { counts[group][$0] > 0 }
        let lacking = present.reduce(0.0) { sum, label in
          let total = Double(totals[label])
          return sum + Double(counts[group][label]) / total
            * (shares[part] - Double(filled[part][label]) / total)
        }
        let items = shares[part] * Double(labels.count) - Double(filled[part].reduce(0, +))
        return (lacking: lacking, items: items, part: part)
      }.max { ($0.lacking, $0.items, -$0.part) < ($1.lacking, $1.items, -$1.part) }
      guard let part = best?.part else { continue }
      parts[group] = part
      for label in 0..<classes { filled[part][label] += counts[group][label] }
    }
    return groups.map { places[$0].map { parts[$0] } ?? 0 }
  }
}
