package import Files

extension Dataset {
  /// The label of each class by its name.
  package var labels: [ExactText: Int] {
    Dictionary(uniqueKeysWithValues: zip(classes.map { ExactText($0) }, classes.indices))
  }

  /// Whether a photo may have several labels, or none.
  package var hasLabelSets: Bool { samples.first?.labelSet != nil }

  /// A photo's labels as a manifest has them: `hat|shirt`, and nothing for none.
  package func labelText(of index: Int) -> String {
    samples[index].labels.map { classes[$0] }.joined(separator: "|")
  }

  /// What each of these samples counts in the loss that is trained on; nil where all count one.
  package func weights(of indices: [Int]) -> [Float]? {
    let weights = indices.map { samples[$0].weight }
    return weights.allSatisfy { $0 == 1 } ? nil : weights
  }

  /// `[indices, classes]`: the soft labels of these samples, with a row of 0 and 1 for one that is of its label
  /// alone, or of its labels where it may have several; nil where all have one and no other share.
  package func softLabels(of indices: [Int]) -> [Float]? {
    guard hasLabelSets || indices.contains(where: { samples[$0].softLabel != nil }) else {
      return nil
    }
    return indices.flatMap { index in
      samples[index].softLabel
        ?? classes.indices.map { samples[index].labels.contains($0) ? 1 : 0 }
    }
  }

  /// The same photos under the labels of a model that knows these classes, perhaps among others.
  ///
  /// - Throws: `UnknownClasses` for photos of classes that the model doesn't know.
  package func labelled(as names: [String]) throws(UnknownClasses) -> Dataset {
    var known: [ExactText: Int] = [:]
    for (label, name) in names.enumerated() { known[ExactText(name)] = label }
    let labels = classes.map { known[ExactText($0)] }
    // A class of votes may be nobody's.
    let used = Set(samples.lazy.filter { $0.softLabel == nil }.flatMap(\.labels))
    let voted = samples.lazy.compactMap(\.softLabel)
    let unknown = classes.indices.filter { label in
      labels[label] == nil && (used.contains(label) || voted.contains { $0[label] > 0 })
    }.map { classes[$0] }
    guard unknown.isEmpty else { throw UnknownClasses(unknown, known: names) }
    let relabelled = samples.map { sample in
      var copy = sample
      copy.labelSet = sample.labelSet?.compactMap { labels[$0] }.sorted()
      // Of several labels the first; where no photo has any, there are no classes.
      copy.label = copy.labelSet.map { $0.first ?? 0 } ?? labels[sample.label] ?? 0
      copy.softLabel = sample.softLabel.map { shares in
        var all = [Float](repeating: 0, count: names.count)
        for (share, label) in zip(shares, labels) where label != nil { all[label ?? 0] = share }
        return all
      }
      return copy
    }
    return Dataset(
      classes: names, samples: relabelled, source: source, twins: twins, strays: strays
    ).decoded(by: decoding)
  }
}

/// Photos of classes that a model doesn't know.
package struct UnknownClasses: UnusableInput, CustomStringConvertible {
  private let unknown: [String]
  private let known: [String]

  init(_ unknown: [String], known: [String]) {
    self.unknown = unknown
    self.known = known
  }

  package var description: String {
    let hints = unknown.prefix(3).compactMap { name in
      nearestName(to: name, among: known).map { "\(name) may be \($0)" }
    }
    return "the model doesn't know the class\(unknown.count == 1 ? "" : "es") "
      + "\(few(unknown, atMost: 20))\(hints.isEmpty ? "" : " (\(hints.joined(separator: ", ")))"); it knows "
      + "\(few(known, atMost: 20)): name the folders or labels so, and leave out photos of other classes"
  }
}
