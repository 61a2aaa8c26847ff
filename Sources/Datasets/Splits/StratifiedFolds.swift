import Tensors

/// Cross-validation's folds: each item in one, all folds alike in their classes. Pure functions of
/// their arguments.
package enum StratifiedFolds {
  /// The fold of each item, from 0.
  ///
  /// Items are dealt out like cards, class after class in the order in which classes first appear,
  /// each class in a random order of its own: so every class is spread to within one, and so is the
  /// whole. The counts are those of scikit-learn's `StratifiedKFold` on the same labels.
  package static func assign(labels: [Int], count: Int, seed: UInt64) -> [Int] {
    var classes: [Int] = []
    var members: [Int: [Int]] = [:]
    for (item, label) in labels.enumerated() {
      if members[label] == nil { classes.append(label) }
      members[label, default: []].append(item)
    }
    var folds = [Int](repeating: 0, count: labels.count)
    var dealt = 0
    for label in classes {
      let items = members[label] ?? []
      for place in Philox(seed: seed, stream: .folds, epoch: label).permutation(items.count) {
        folds[items[place]] = dealt % count
        dealt += 1
      }
    }
    return folds
  }

  /// The fold of each item, from 0, where items of one group share a fold: `GroupedParts` of equal
  /// shares, as near to equal classes as whole groups let it come.
  package static func assign(
    labels: [Int], groups: [Int], count: Int, seed: UInt64
  ) -> [Int] {
    GroupedParts.assign(
      labels: labels, groups: groups,
      shares: [Double](repeating: 1 / Double(count), count: count), seed: seed)
  }
}

extension Philox.Stream {
  /// The order in which items are dealt to folds, and groups to parts; the value is frozen.
  static let folds = Philox.Stream(rawValue: 16)
}
