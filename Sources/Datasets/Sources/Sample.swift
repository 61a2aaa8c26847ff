/// One labelled image of a dataset.
package struct Sample: Equatable, Sendable {
  /// Below the dataset's folder or absolute, or `train[17]` for the 18th image of an IDX file.
  package internal(set) var path: String
  /// Its class, as an index into the dataset's `classes`; where photos have several labels the first, or 0.
  package internal(set) var label: Int
  /// Its classes, ascending, where photos may have several, or none; nil where each has one.
  package internal(set) var labelSet: [Int]?
  /// The split that the dataset gives it; nil when it gives none.
  package let split: Split?
  /// The file's length, or the image's in an IDX file; 0 where nobody looked.
  package internal(set) var bytes: Int
  /// What it shares with other samples, such as a photographer: one that is in a group keeps to the
  /// group's side of every split. Nil: it is alone.
  package let group: String?
  /// The fold that the dataset gives it, from 0; nil when it gives none.
  package let fold: Int?
  /// What it counts in the loss that is trained on; validation and metrics count every photo once.
  package let weight: Float
  /// The share of each class, which sum to one, where it is not of its label alone: what is trained on. With
  /// several labels each class has a share of its own, 0...1.
  /// All else, such as splits, sampling, validation and metrics, goes by the label.
  package internal(set) var softLabel: [Float]?

  init(
    path: String, label: Int, labelSet: [Int]? = nil, split: Split?, bytes: Int,
    group: String? = nil, fold: Int? = nil, weight: Float = 1, softLabel: [Float]? = nil
  ) {
    self.path = path
    self.label = label
    self.labelSet = labelSet
    self.split = split
    self.bytes = bytes
    self.group = group
    self.fold = fold
    self.weight = weight
    self.softLabel = softLabel
  }

  /// Its classes, however many a photo may have.
  package var labels: [Int] { labelSet ?? [label] }
}
