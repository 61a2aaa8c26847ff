package import Evaluation

/// A confusion matrix with the photos of its cells: a cell is a link, behind which they open. Of more classes than a page is
/// wide, the pairs that were confused most.
package struct ConfusionTable {
  private static let widest = 60
  private static let mostPairs = 100
  /// Paths that are named where there are no pictures.
  private static let mostNamed = 12

  private let matrix: ConfusionMatrix
  private let photos: LabelledPhotos
  private let shown: ShownPhotos
  private let grid: PhotoGrid
  private let share: (Double) -> String

  /// - Parameter share: how a share is written.
  package init(
    _ matrix: ConfusionMatrix, _ photos: LabelledPhotos, _ shown: ShownPhotos, _ grid: PhotoGrid,
    share: @escaping (Double) -> String
  ) {
    self.matrix = matrix
    self.photos = photos
    self.shown = shown
    self.grid = grid
    self.share = share
  }

  package var html: HTML {
    let classes = matrix.classes
    guard classes.count <= Self.widest else { return confusedMost + HTML(galleries) }
    let head = classes.map { "<th scope=\"col\"><span>\($0)</span></th>" as HTML }
    let rows = classes.indices.map { label -> HTML in
      "<tr><th scope=\"row\" title=\"\(classes[label])\"><bdi>\(classes[label])</bdi></th>\(classes.indices.map { cell(label, $0) })</tr>\n"
    }
    return """
      <p class="soft">Rows are labels, columns what photos were taken for: photos, and their share of the row. A cell opens its photos.</p>
      <div class="wide" role="region" aria-label="Confusion matrix" tabindex="0"><table class="matrix">
      <thead><tr><th scope="col">label</th>\(head)</tr></thead>
      <tbody>
      \(rows)</tbody></table></div>
      \(galleries)
      """
  }

  private func cell(_ label: Int, _ predicted: Int) -> HTML {
    let count = matrix[label, predicted]
    if count == 0 { return "<td></td>" }
    let rate = Double(count) / Double(max(1, matrix.support[label]))
    let style: HTML = label == predicted ? "right" : "wrong"
    let text: HTML = "\(count)<small>\(share(rate))</small>"
    let pair = ShownPhotos.Pair(label: label, predicted: predicted)
    let content: HTML =
      shown.pairs[pair] == nil
      ? "<span>\(text)</span>" : "<a href=\"#\(id(pair))\" title=\"\(title(pair))\">\(text)</a>"
    return """
      <td class="\(style)" style="--r:\(exactly: (rate * 1000).rounded() / 1000)" data-count="\(count)">\(content)</td>
      """
  }

  private var confusedMost: HTML {
    Table(
      "The pairs of classes that were confused most", headings: ["label", "taken for", "photos"],
      rows: mostConfused.map { pair in
        [
          .text(matrix.classes[pair.label]), .text(matrix.classes[pair.predicted]),
          shown.pairs[pair] == nil
            ? .text("\(count(pair))") : .html("<a href=\"#\(id(pair))\">\(count(pair))</a>"),
        ]
      }
    ).html
  }

  private var mostConfused: [ShownPhotos.Pair] {
    matrix.triples.filter { $0[0] != $0[1] }
      .sorted { ($1[2], $0[0], $0[1]) < ($0[2], $1[0], $1[1]) }.prefix(Self.mostPairs)
      .map { ShownPhotos.Pair(label: $0[0], predicted: $0[1]) }
  }

  private func count(_ pair: ShownPhotos.Pair) -> Int { matrix[pair.label, pair.predicted] }

  private func id(_ pair: ShownPhotos.Pair) -> HTML { "cell-\(pair.label)-\(pair.predicted)" }

  private func title(_ pair: ShownPhotos.Pair) -> String {
    let (label, predicted) = (matrix.classes[pair.label], matrix.classes[pair.predicted])
    return pair.label == pair.predicted
      ? "\(label), recognised" : "\(label), taken for \(predicted)"
  }

  /// The photos of each cell that has a link, hidden until it is chosen.
  private var galleries: [HTML] {
    let linked = matrix.classes.count > Self.widest ? Set(mostConfused) : nil
    return shown.pairs.filter { linked?.contains($0.key) ?? true }.sorted {
      ($0.key.label, $0.key.predicted) < ($1.key.label, $1.key.predicted)
    }
    .map { pair, rows in
      let pictured = rows.filter(shown.pictured.contains)
      let named = rows.filter { !shown.pictured.contains($0) }.prefix(Self.mostNamed)
      let rest = rows.count - pictured.count - named.count
      let paths = named.map { "<li><bdi>\(photos.paths[$0])</bdi></li>\n" as HTML }
      return """
        <div class="cell" id="\(id(pair))"><h3><bdi>\(title(pair))</bdi>: \(rows.count) photo\(rows.count == 1 ? "" : "s")</h3>
        \(pictured.isEmpty ? "" : grid.html(pictured))\
        \(named.isEmpty ? "" : "<ul>\(paths)</ul>\n" as HTML)\
        \(rest > 0 ? "<p class=\"soft\">and \(rest) more</p>\n" as HTML : "")\
        <p class="close"><a href="#confusion">Back to the matrix</a></p></div>

        """
    }
  }
}
