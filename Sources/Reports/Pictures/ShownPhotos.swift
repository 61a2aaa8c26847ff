package import Evaluation

/// Which photos a report shows: the worst mistakes, and of each pair of label and prediction some. Bounded, so that a page
/// of many photos and classes stays one that opens at once.
package struct ShownPhotos: Sendable {
  package struct Pair: Hashable, Sendable {
    package let label: Int
    package let predicted: Int
  }

  /// Rows of the table of predictions, those with the largest loss first.
  package let mistakes: [Int]
  /// Of each pair that occurs the rows, the largest loss first. Not for very many classes.
  package let pairs: [Pair: [Int]]
  /// Rows of pairs that have a picture.
  package let pictured: Set<Int>

  private static let mostMistakes = 24
  private static let mostOfPair = 12
  private static let mostOfRightPair = 3
  private static let mostPictures = 240

  package init(_ photos: LabelledPhotos) {
    let predictions = photos.predictions
    mistakes = photos.mistakes(atMost: Self.mostMistakes)
    var pairs: [Pair: [Int]] = [:]
    for row in photos.paths.indices {
      let pair = Pair(label: predictions.labels[row], predicted: predictions.predicted(row))
      pairs[pair, default: []].append(row)
    }
    for pair in pairs.keys {
      pairs[pair]?.sort { (predictions.losses[$1], $0) < (predictions.losses[$0], $1) }
    }
    self.pairs = pairs
    // One of each pair of classes that are taken for each other before the second of any, and right ones last.
    let wrong = pairs.filter { $0.key.label != $0.key.predicted }.values
    let right = pairs.filter { $0.key.label == $0.key.predicted }.values
    var chosen: [Int] = []
    for place in 0..<Self.mostOfPair {
      chosen += wrong.compactMap { place < $0.count ? $0[place] : nil }
        .sorted { (predictions.losses[$1], $0) < (predictions.losses[$0], $1) }
    }
    for place in 0..<Self.mostOfRightPair {
      chosen += right.compactMap { place < $0.count ? $0[place] : nil }.sorted()
    }
    pictured = Set(chosen.prefix(Self.mostPictures))
  }

  /// All rows that a picture is needed of.
  package var rows: [Int] { Set(mistakes).union(pictured).sorted() }
}
