import Tensors

/// Parts of given shares, such as folds or splits, of photos that have several labels: Sechidis, Tsoumakas and Vlahavas,
/// "On the stratification of multi-label data", 2011.
enum IterativeStratification {
  /// The part of each item, as an index into `shares`. A part without a share gets nothing.
  ///
  /// A part of share r wants r·n of the n items that have a label. Again and again the label is taken that the fewest items
  /// have which are in no part yet, since these can least be made up for later, and all of them are dealt out: each to the
  /// part that wants most of the label, of equals to the one that wants most items of all, then to the first. Items
  /// without labels come last, each to the part that wants most items. Items of one group go together and count as
  /// many as they are: in a label's turn the groups with the most of it come first, those that have as many in
  /// random order.
  ///
  /// - Parameters:
  ///   - labels: of each item, any number of them.
  ///   - groups: of each item, from 0 without gaps.
  static func assign(
    labels: [[Int]], groups: [Int], shares: [Double], seed: UInt64
  ) -> [Int] {
    let count = (groups.max() ?? -1) + 1
    var sizes = [Int](repeating: 0, count: count)
    var contents = [[Int: Int]](repeating: [:], count: count)
    for (own, group) in zip(labels, groups) {
      sizes[group] += 1
      for label in own { contents[group][label, default: 0] += 1 }
    }
    let order = Philox(seed: seed, stream: .folds).permutation(count)
    var members = [[Int]](repeating: [], count: (labels.lazy.joined().max() ?? -1) + 1)
    for group in order { for label in contents[group].keys { members[label].append(group) } }
    /// Items with the label that are in no part.
    var left = members.indices.map { label in
      members[label].reduce(0) { $0 + (contents[$1][label] ?? 0) }
    }
    var wanted = shares.map { share in left.map { share * Double($0) } }
    var wantedItems = shares.map { $0 * Double(labels.count) }
    var parts = [Int?](repeating: nil, count: count)

    func place(_ group: Int, by wish: (Int) -> Double) {
      let best =
        shares.indices.filter { shares[$0] > 0 }
        .max { (wish($0), wantedItems[$0], -$0) < (wish($1), wantedItems[$1], -$1) } ?? 0
      parts[group] = best
      wantedItems[best] -= Double(sizes[group])
      for (label, items) in contents[group] {
        wanted[best][label] -= Double(items)
        left[label] -= items
      }
    }

    while let label = left.indices.filter({ left[$0] > 0 }).min(by: { left[$0] < left[$1] }) {
      let turn = members[label].filter { parts[$0] == nil }.enumerated().sorted {
        let (first, second) = (contents[$0.element][label] ?? 0, contents[$1.element][label] ?? 0)
        return first == second ? $0.offset < $1.offset : first > second
      }
      for (_, group) in turn { place(group) { wanted[$0][label] } }
    }
    let rest = order.filter { parts[$0] == nil }.enumerated().sorted {
      (-sizes[$0.element], $0.offset) < (-sizes[$1.element], $1.offset)
    }
    for (_, group) in rest { place(group) { wantedItems[$0] } }
    return groups.map { parts[$0] ?? 0 }
  }
}
