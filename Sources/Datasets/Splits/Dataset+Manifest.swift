import Files

extension Dataset {
  /// The dataset as a manifest with these splits, ordered by path.
  ///
  /// - Parameters:
  ///   - folds: by sample; one without a fold gets an empty field. Nil: no such column.
  ///   - path: what the manifest will be called. Photos below its folder are named as seen from
  ///     there, others by their absolute paths.
  /// - Throws: `ManifestError` when images aren't files of their own, or the labels would be refused.
  package func manifest(
    _ splits: Splits, folds: [Int: Int]?, at path: String
  ) throws(ManifestError) -> String {
    var split: [Int: Split] = [:]
    for name in Split.allCases {
      for index in splits[name] { split[index] = name }
    }
    return try manifest(split, groups: samples.map(\.group), folds: folds, at: path)
  }

  /// The dataset as a manifest in which copies share a group, and with those the groups that they had. Where
  /// a group would be in several of the data's own splits or folds, these are left out.
  ///
  /// - Throws: `ManifestError`.
  package func manifest(
    grouping copies: DuplicateGroups, at path: String
  ) throws(ManifestError) -> (text: String, leavesOut: String?) {
    let groups = joined(copies)
    /// Whether a group has photos of several parts.
    func isDivided(by part: (Sample) -> some Hashable) -> Bool {
      var parts: [String: Set<AnyHashable>] = [:]
      for (sample, group) in zip(samples, groups) {
        if let group { parts[group, default: []].insert(AnyHashable(part(sample))) }
      }
      return parts.values.contains { $0.count > 1 }
    }
    let hadFolds = samples.contains { $0.fold != nil }
    let hasSplits = !isDivided(by: \.split)
    let hasFolds = !isDivided(by: \.fold) && hasSplits && hadFolds
    var (split, folds) = ([Int: Split](), [Int: Int]())
    for (index, sample) in samples.enumerated() {
      if hasSplits { split[index] = sample.split }
      folds[index] = sample.fold
    }
    let text = try manifest(split, groups: groups, folds: hasFolds ? folds : nil, at: path)
    let leftOut =
      (hasSplits || !self.hasSplits ? [] : ["splits"]) + (hasFolds || !hadFolds ? [] : ["folds"])
    return (text, leftOut.isEmpty ? nil : leftOut.joined(separator: " and "))
  }

  /// Each photo's group: that of its copies, or else its own.
  private func joined(_ copies: DuplicateGroups) -> [String?] {
    // Copies that are in groups already join these.
    var pairs: [DuplicateCandidates.Pair] = []
    var (known, numbered) = ([ExactText: Int](), [Int: Int]())
    for (index, sample) in samples.enumerated() {
      let links = [
        sample.group.map { known[ExactText($0)] ?? index },
        copies.numbers[index].map { numbered[$0] ?? index },
      ]
      for first in links.compactMap(\.self) where first != index {
        pairs.append(DuplicateCandidates.Pair(first: first, second: index, isMirrored: false))
      }
      if let group = sample.group { known[ExactText(group)] = known[ExactText(group)] ?? index }
      if let number = copies.numbers[index] { numbered[number] = numbered[number] ?? index }
    }
    var groups = samples.map(\.group)
    var number = 0
    for members in DuplicateGroups.joined(pairs, photos: samples.count) {
      var name = members.lazy.compactMap { samples[$0].group }.first
      while name == nil {
        number += 1
        let free = "copies-\(number)"
        if known[ExactText(free)] == nil { name = free }
      }
      for index in members { groups[index] = name }
    }
    return groups
  }

  /// The dataset as a manifest that says what it brings itself.
  ///
  /// - Parameter groupBy: the column of groups.
  func manifestAsItIs(
    at path: String, groupedBy groupBy: String
  ) throws(ManifestError) -> String {
    var (split, folds) = ([Int: Split](), [Int: Int]())
    for (index, sample) in samples.enumerated() {
      split[index] = sample.split
      folds[index] = sample.fold
    }
    return try manifest(
      split, groups: samples.map(\.group), folds: folds.isEmpty ? nil : folds, at: path,
      groupedBy: ManifestColumns.isKnown(groupBy) ? nil : groupBy, demanding: [])
  }

  private func manifest(
    _ split: [Int: Split], groups: [String?], folds: [Int: Int]?, at path: String,
    groupedBy groupBy: String? = nil, demanding demands: Demands = .all
  ) throws(ManifestError) -> String {
    let home = Paths.resolved(Paths.folder(of: path))
    let hasGroups = groups.contains { $0 != nil }
    let hasSplits = !split.isEmpty
    let hasWeights = samples.contains { $0.weight != 1 }
    let hasSoftLabels = samples.contains { $0.softLabel != nil }
    var rows: [[String]] = []
    for (index, sample) in samples.enumerated() {
      guard let file = file(of: index) else {
        throw pack.map { .inPack($0.path) } ?? .noFiles(sample.path)
      }
      var row = [Self.path(file, from: home), labelText(of: index)]
      if hasSplits { row.append(split[index]?.rawValue ?? "") }
      if hasGroups { row.append(groups[index] ?? "") }
      if let folds { row.append(folds[index].map(String.init) ?? "") }
      // With as many digits as it takes to read the same bits.
      if hasWeights { row.append("\(sample.weight)") }
      if hasSoftLabels {
        row += sample.softLabel?.map { "\($0)" } ?? classes.map { _ in "" }
      }
      rows.append(row)
    }
    rows.sort { Paths.precedes($0[0], $1[0]) }
    let columns =
      ["path", "label"] + (hasSplits ? ["split"] : []) + (hasGroups ? [groupBy ?? "group"] : [])
      + (folds == nil ? [] : ["fold"]) + (hasWeights ? ["weight"] : [])
      + (hasSoftLabels ? classes.map { "p_\($0)" } : [])
    let text = ([columns] + rows).map(CSV.line).joined()
    // What is written is what can be read: labels of folders may be those of typos in a manifest.
    _ = try Manifest.rows(
      of: Array(text.utf8), path, groupBy: hasGroups ? groupBy : nil, severalLabels: hasLabelSets,
      demanding: demands)
    return text
  }

  /// The photo's folder is resolved and the photo itself is not: it may be a link into a store.
  private static func path(_ file: String, from home: String) -> String {
    let folder = Paths.resolved(Paths.folder(of: file))
    let absolute = "\(folder == "/" ? "" : folder)/\(Paths.name(of: file))"
    let prefix = home == "/" ? "/" : home + "/"
    guard absolute.startsExactly(with: prefix) else { return absolute }
    return String(Substring(absolute.utf8.dropFirst(prefix.utf8.count)))
  }
}
