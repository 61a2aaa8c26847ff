import Tensors

extension Dataset {
  /// Whether the dataset says of any sample which split it is in.
  package var hasSplits: Bool { samples.contains { $0.split != nil } }

  /// The splits that the dataset gives; validation samples that it lacks are cut from what is for
  /// training, since every training needs some; without any for training, nothing is cut. Test samples
  /// are cut only where it gives no splits.
  ///
  /// - Parameters:
  ///   - validation: the share of the training samples, ignored where validation samples are given.
  ///   - test: the share of the training samples, ignored where any split is given.
  /// - Throws: `SplitError`.
  package func split(validation: Double, test: Double, seed: UInt64) throws(SplitError) -> Splits {
    guard validation >= 0, test >= 0, validation + test < 1 else {
      throw .shares(validation: validation, test: test)
    }
    let given = Dictionary(grouping: samples.indices) { samples[$0].split ?? .train }
    var splits = Splits()
    if let training = given[.train] {
      splits = try cut(
        training, validation: given[.validation] == nil ? validation : 0,
        test: hasSplits ? 0 : test, seed: seed)
    }
    for split in [Split.validation, .test] {
      if let indices = given[split] { splits[split] = indices }
    }
    return splits
  }

  /// Cuts these samples, whatever splits they are in.
  ///
  /// Each class gives its share of each split to within one sample, keeps at least one for training,
  /// and so do all classes together unless there are too few samples for that. Which samples go
  /// is drawn for each class from its own random order. Where samples are in groups, these stay
  /// together, and shares are kept as well as whole groups let them (`GroupedParts`); where they have several labels,
  /// as well as photos and groups let them (`IterativeStratification`).
  ///
  /// - Throws: `SplitError`.
  package func cut(
    _ indices: [Int], validation: Double, test: Double, seed: UInt64
  ) throws(SplitError) -> Splits {
    var drawn: [Split: [Int]] = [:]
    if hasGroups || hasLabelSets {
      let order: [Split] = [.train, .validation, .test]
      let (groups, shares) = (
        groupNumbers(of: indices), [1 - validation - test, validation, test]
      )
      let parts =
        hasLabelSets
        ? IterativeStratification.assign(
          labels: indices.map { samples[$0].labels }, groups: groups, shares: shares, seed: seed)
        : GroupedParts.assign(
          labels: indices.map { samples[$0].label }, groups: groups, shares: shares, seed: seed)
      for (index, part) in zip(indices, parts) { drawn[order[part], default: []].append(index) }
      let trained = Set((drawn[.train] ?? []).flatMap { samples[$0].labels })
      if let label = indices.lazy.flatMap({ samples[$0].labels })
        .first(where: { !trained.contains($0) })
      {
        throw .untrained(classes[label])
      }
    } else {
      var pools = [[Int]](repeating: [], count: classes.count)
      for index in indices { pools[samples[index].label].append(index) }
      let counts = heldOutCounts(of: pools.map(\.count), validation: validation, test: test)
      for (label, pool) in pools.enumerated() {
        let order = Philox(seed: seed, stream: .split, epoch: label).permutation(pool.count)
        let (validation, test) = counts[label]
        for (place, index) in order.enumerated() {
          let split: Split =
            place < test ? .test : place < test + validation ? .validation : .train
          drawn[split, default: []].append(pool[index])
        }
      }
    }
    var part: [Int: Int] = [:]
    for (number, split) in Split.allCases.enumerated() {
      for index in drawn[split] ?? [] where !twins.isEmpty { part[index] = number }
    }
    if let (first, second) = twinsApart({ part[$0] }) { throw .twins(first, second) }
    var splits = Splits()
    for (split, indices) in drawn { splits[split] = indices.sorted() }
    for (split, share) in [(Split.validation, validation), (.test, test)]
    where share > 0 && splits[split].isEmpty {
      throw .empty(split, share: share, samples: indices.count)
    }
    return splits
  }
}

/// How many samples of each class go to validation and test.
///
/// First the held-out samples of each class, both splits together, by largest remainders; then how
/// many of these are for validation, by the same rule: so the shares of all three splits
/// are kept to within one, by each class and by all of them.
func heldOutCounts(
  of sizes: [Int], validation: Double, test: Double
) -> [(validation: Int, test: Int)] {
  let total = Double(sizes.reduce(0, +))
  let both = validation + test
  let heldOut = apportion(
    Int((total * both).rounded()),
    shares: sizes.map { Double($0) * both },
    bounds: sizes.map { 0...max($0 - 1, 0) })
  if both == 0 { return sizes.map { _ in (0, 0) } }
  let sum = Double(heldOut.reduce(0, +))
  let forValidation = apportion(
    Int((sum * validation / both).rounded()),
    shares: sizes.map { Double($0) * validation },
    // What is left for test must be its share rounded down or up as well.
    bounds: zip(sizes, heldOut).map { size, heldOut in
      let test = Int((Double(size) * test).rounded(.down))
      let validation = Int((Double(size) * validation).rounded(.down))
      let least = max(0, heldOut - test - 1)
      return least...max(least, min(heldOut - test, validation + 1))
    })
  return zip(heldOut, forValidation).map { (validation: $1, test: $0 - $1) }
}

/// Whole numbers that sum to `total` where the bounds let them, each its share rounded down or up:
/// up where the remainders are largest, the first of equals.
private func apportion(_ total: Int, shares: [Double], bounds: [ClosedRange<Int>]) -> [Int] {
  var counts = zip(shares, bounds).map { share, bounds in
    min(max(Int(share.rounded(.down)), bounds.lowerBound), bounds.upperBound)
  }
  let candidates = shares.indices.filter { counts[$0] < bounds[$0].upperBound }.sorted {
    let (first, second) = (shares[$0] - Double(counts[$0]), shares[$1] - Double(counts[$1]))
    return first == second ? $0 < $1 : first > second
  }
  let missing = max(0, total - counts.reduce(0, +))
  for index in candidates.prefix(missing) { counts[index] += 1 }
  return counts
}
