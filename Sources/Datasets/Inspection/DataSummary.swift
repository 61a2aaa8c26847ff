import Files

/// What `tutti data inspect` finds, in the form of its JSON document.
package struct DataSummary: Encodable, Sendable {
  package struct ClassCount: Encodable, Sendable {
    package let name: String
    /// Photos by the name of their split, or under `photos` when the data bring no splits.
    package let photos: [String: Int]
    package var total: Int { photos.values.reduce(0, +) }
  }

  package struct Extent: Encodable, Sendable {
    package let smallest: Int
    package let median: Int
    package let largest: Int

    fileprivate init?(_ values: [Int]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      smallest = first
      median = sorted[sorted.count / 2]
      largest = last
    }
  }

  package struct WeightRange: Encodable, Sendable {
    package let smallest: Float
    package let largest: Float
  }

  /// How many labels photos have.
  package struct LabelCounts: Encodable, Sendable {
    package let perPhoto: Double
    /// Photos without any.
    package let none: Int

    private enum CodingKeys: String, CodingKey {
      case perPhoto = "per_photo"
      case none
    }
  }

  package struct Remark: Encodable, Sendable {
    package let path: String
    package let reason: String
  }

  package let path: String
  package let photos: Int
  package let classes: [ClassCount]
  /// The columns of the counts, in order.
  package let splits: [String]
  /// Photos of the most frequent class for each of the rarest.
  package let imbalance: Double
  package let groups: Int?
  /// Photos of each of the data's own folds.
  package let folds: [Int]?
  /// Nil where all photos count one.
  package let weights: WeightRange?
  /// Photos with shares of several classes; nil where none has a soft label.
  package let soft: Int?
  /// Photos whose label isn't the class with the largest share; nil where none has a soft label.
  package let outvoted: Int?
  /// Photos by their format.
  package let formats: [String: Int]
  /// Nil where each has one.
  package let labels: LabelCounts?
  /// Of the photos that can be decoded, in pixels.
  package let width: Extent?
  package let height: Extent?
  package let corrupt: [Remark]
  package let odd: [Remark]
  /// Nil where nobody asked.
  package let duplicates: DuplicateGroups?

  package init(
    _ dataset: Dataset, _ findings: [PhotoFinding], path: String,
    duplicates: DuplicateGroups? = nil
  ) {
    self.path = path
    self.duplicates = duplicates
    let samples = dataset.samples
    photos = samples.count
    let used = Split.allCases.filter { split in samples.contains { $0.split == split } }
    splits = used.isEmpty ? ["photos"] : used.map(\.rawValue)
    var counts = dataset.classes.map { _ in [String: Int]() }
    for sample in samples {
      for label in sample.labels {
        counts[label][sample.split?.rawValue ?? splits[0], default: 0] += 1
      }
    }
    labels =
      dataset.hasLabelSets
      ? LabelCounts(
        perPhoto: Double(samples.reduce(0) { $0 + $1.labels.count }) / Double(samples.count),
        none: samples.count { $0.labels.isEmpty }) : nil
    classes = zip(dataset.classes, counts).map { ClassCount(name: $0, photos: $1) }
    let totals = classes.map(\.total)
    imbalance = Double(totals.max() ?? 0) / Double(max(1, totals.min() ?? 1))
    groups = dataset.hasGroups ? Set(samples.compactMap(\.group).map(ExactText.init)).count : nil
    folds = samples.compactMap(\.fold).max().map { last in
      samples.reduce(into: [Int](repeating: 0, count: last + 1)) { counts, sample in
        if let fold = sample.fold { counts[fold] += 1 }
      }
    }
    weights = dataset.weights(of: Array(samples.indices)).map {
      WeightRange(smallest: $0.min() ?? 1, largest: $0.max() ?? 1)
    }
    let softLabels = samples.compactMap(\.softLabel)
    outvoted =
      softLabels.isEmpty || dataset.hasLabelSets
      ? nil
      : samples.count { sample in
        sample.softLabel.map { $0[sample.label] < ($0.max() ?? 0) } ?? false
      }
    soft = softLabels.isEmpty ? nil : softLabels.count { $0.count { $0 > 0 } > 1 }
    formats = findings.compactMap(\.format).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let sizes = findings.filter { $0.problem == nil }
    width = Extent(sizes.map(\.width))
    height = Extent(sizes.map(\.height))
    func remarks(_ reason: (PhotoFinding) -> String?) -> [Remark] {
      zip(samples, findings).compactMap { sample, finding in
        reason(finding).map { Remark(path: sample.path, reason: $0) }
      }
    }
    corrupt = remarks(\.problem)
    // Images of one known size are as they are meant to be.
    odd = dataset.imageSize == nil ? remarks(\.oddity) : []
  }

  /// One JSON document with sorted keys.
  package func json() throws -> String {
    try JSONText.encode(self, indented: true)
  }
}
