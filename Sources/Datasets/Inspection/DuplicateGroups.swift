import Files

/// Photos that are copies of each other, put together: copies of copies too.
package struct DuplicateGroups: Encodable, Sendable {
  package struct Copy: Encodable, Sendable {
    package let first: String
    package let second: String
    /// Of the likeness that was found; 1 where all pixels are equal.
    package let correlation: Double
    package let isMirrored: Bool
    /// Of the first and the second.
    package let labels: [String]

    /// One photo under two classes.
    package var isConflict: Bool { !labels[0].isExactly(labels[1]) }

    private enum CodingKeys: String, CodingKey {
      case first, second, correlation, labels
      case isMirrored = "mirrored"
    }
  }

  /// Photos whose pixels are all equal to an earlier one's.
  package let exact: Int
  /// Pairs of other copies.
  package let near: Int
  /// Paths, in the order of the photos.
  package let groups: [[String]]
  package let copies: [Copy]
  /// Groups with photos of several splits, folds, classes.
  package let acrossSplits: Int
  package let acrossFolds: Int
  package let acrossClasses: Int
  /// The number of each photo's group, from 1; nil for none.
  let numbers: [Int?]

  private enum CodingKeys: String, CodingKey {
    case exact, near, groups, copies
    case acrossSplits = "across_splits"
    case acrossFolds = "across_folds"
    case acrossClasses = "across_classes"
  }

  /// - Parameter pairs: with their correlation, which is 1 for those of equal pixels.
  package init(
    _ pairs: [(pair: DuplicateCandidates.Pair, correlation: Double)], in dataset: Dataset
  ) {
    let samples = dataset.samples
    let groups = Self.joined(pairs.map(\.pair), photos: samples.count)
    func across(_ part: (Sample) -> some Hashable) -> Int {
      groups.filter { Set($0.map { part(samples[$0]) }).count > 1 }.count
    }
    exact = pairs.filter { $0.correlation == 1 }.count
    near = pairs.count - exact
    self.groups = groups.map { $0.map { samples[$0].path } }
    copies = pairs.map { pair, correlation in
      Copy(
        first: samples[pair.first].path, second: samples[pair.second].path,
        correlation: correlation, isMirrored: pair.isMirrored,
        labels: [pair.first, pair.second].map(dataset.labelText))
    }
    acrossSplits = across(\.split)
    acrossFolds = across(\.fold)
    acrossClasses = across(\.labels)
    var numbers = [Int?](repeating: nil, count: samples.count)
    for (number, group) in groups.enumerated() {
      for photo in group { numbers[photo] = number + 1 }
    }
    self.numbers = numbers
  }

  /// The photos that pairs lead from one to the other, in order; those alone are left out.
  static func joined(_ pairs: [DuplicateCandidates.Pair], photos: Int) -> [[Int]] {
    // Leads to the first photo of each one's group.
    var roots = Array(0..<photos)
    func root(_ photo: Int) -> Int {
      var photo = photo
      while roots[photo] != photo {
        roots[photo] = roots[roots[photo]]
        photo = roots[photo]
      }
      return photo
    }
    for pair in pairs {
      let (first, second) = (root(pair.first), root(pair.second))
      roots[max(first, second)] = min(first, second)
    }
    var members: [Int: [Int]] = [:]
    for photo in 0..<photos { members[root(photo), default: []].append(photo) }
    return members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
  }
}
