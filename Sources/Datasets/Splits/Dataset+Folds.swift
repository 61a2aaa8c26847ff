import Files

extension Dataset {
  /// Whether any sample is in a group.
  package var hasGroups: Bool { samples.contains { $0.group != nil } }

  /// How many of these samples each class has.
  package func classCounts(of indices: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for label in indices.lazy.flatMap({ samples[$0].labels }) { counts[label] += 1 }
    return counts
  }

  /// The fold of each of these samples, from 0: the dataset's own where it has any, else
  /// stratified by class, groups kept together; then every fold has every class. With several labels a photo, a
  /// frequent one is in every fold, and a rare one may not be (`IterativeStratification`).
  ///
  /// - Parameter count: nil for as many as the dataset's own.
  /// - Throws: `FoldError`.
  package func folds(
    of indices: [Int], count: Int?, seed: UInt64
  ) throws(FoldError) -> [Int] {
    let own = indices.compactMap { samples[$0].fold }
    if let last = own.max(), own.count == indices.count {
      if let count, count != last + 1 { throw .own(last + 1, wanted: count) }
      return own
    }
    guard let count else { throw .none }
    guard count >= 2 else { throw .count(count) }
    let folds = try newFolds(of: indices, count: count, seed: seed)
    let places = Dictionary(uniqueKeysWithValues: zip(twins.isEmpty ? [] : indices, folds))
    if let (first, second) = twinsApart({ places[$0] }) { throw .twins(first, second) }
    return folds
  }

  /// Folds that the dataset doesn't bring.
  private func newFolds(of indices: [Int], count: Int, seed: UInt64) throws(FoldError) -> [Int] {
    for (name, photos) in zip(classes, classCounts(of: indices)) where photos < count {
      throw .tooFew(name, photos: photos, folds: count)
    }
    if hasLabelSets {
      let groups = groupNumbers(of: indices)
      let distinct = Set(groups).count
      guard distinct >= count else { throw .tooFewGroups(distinct, folds: count) }
      return IterativeStratification.assign(
        labels: indices.map { samples[$0].labels }, groups: groups,
        shares: [Double](repeating: 1 / Double(count), count: count), seed: seed)
    }
    let labels = indices.map { samples[$0].label }
    guard hasGroups else { return StratifiedFolds.assign(labels: labels, count: count, seed: seed) }
    let groups = groupNumbers(of: indices)
    let distinct = Set(groups).count
    guard distinct >= count else { throw .tooFewGroups(distinct, folds: count) }
    let folds = StratifiedFolds.assign(labels: labels, groups: groups, count: count, seed: seed)
    for fold in 0..<count {
      let present = Set(zip(folds, labels).lazy.filter { $0.0 == fold }.map(\.1))
      if let label = classes.indices.first(where: { !present.contains($0) }) {
        throw .unevenGroups(classes[label], fold: fold)
      }
    }
    return folds
  }

  /// A number for each sample's group; a sample without a group is a group of its own.
  func groupNumbers(of indices: [Int]) -> [Int] {
    var numbers: [ExactText: Int] = [:]
    var next = 0
    return indices.map { index in
      let group = samples[index].group.map(ExactText.init)
      if let group, let number = numbers[group] { return number }
      defer { next += 1 }
      if let group { numbers[group] = next }
      return next
    }
  }
}
