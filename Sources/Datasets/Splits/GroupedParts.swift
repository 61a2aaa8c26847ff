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
    var totals = [Int](repeating: 0, count: (labels.max() ?? -1) + 1)
    var places: [Int: Int] = [:]
    // Most groups have few of the classes, of which there may be thousands.
    var counts: [[Int: Int]] = []
    for (label, group) in zip(labels, groups) {
      let place = places[group] ?? counts.count
      if place == counts.count {
        places[group] = place
        counts.append([:])
      }
      counts[place][label, default: 0] += 1
      totals[label] += 1
    }
    // In the order of labels, since sums depend on the order.
    let contents = counts.map { $0.sorted { $0.key < $1.key } }

    let sizes = contents.map { $0.reduce(0) { $0 + $1.value } }
    let order = Philox(seed: seed, stream: .folds).permutation(counts.count).enumerated()
      .sorted { (-sizes[$0.element], $0.offset) < (-sizes[$1.element], $1.offset) }
    var filled = shares.map { _ in [Int](repeating: 0, count: totals.count) }
    var items = shares.map { _ in 0 }
    var parts = [Int](repeating: 0, count: counts.count)
    for (_, group) in order {
      let best = shares.indices.filter { shares[$0] > 0 }.map { part in
        let lacking = contents[group].reduce(0.0) { sum, content in
          let total = Double(totals[content.key])
          return sum + Double(content.value) / total
            * (shares[part] - Double(filled[part][content.key]) / total)
        }
        let missing = shares[part] * Double(labels.count) - Double(items[part])
        return (lacking: lacking, items: missing, part: part)
      }.max { ($0.lacking, $0.items, -$0.part) < ($1.lacking, $1.items, -$1.part) }
      guard let part = best?.part else { continue }
      parts[group] = part
      items[part] += sizes[group]
      for (label, count) in contents[group] { filled[part][label] += count }
    }
    return groups.map { places[$0].map { parts[$0] } ?? 0 }
  }
}
