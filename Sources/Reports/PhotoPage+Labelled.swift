package import Evaluation
package import Images

extension PhotoPage {
  /// Longer sides of pictures, in pixels.
  private static let side = 240

  /// A page of labelled photos, each with its label, another class, and the probabilities of both.
  ///
  /// - Parameters:
  ///   - rows: of the table, each with the other class, or with several labels all of them.
  ///   - other: the heading of the other class.
  ///   - picture: the photo of a row. What it throws is shown in its place.
  package init(
    title: String, introduction: String, _ photos: LabelledPhotos,
    rows: [(row: Int, other: [Int])], called other: String, picture: (_ row: Int) throws -> Image
  ) throws {
    self.init(
      title: title, introduction: "<p>\(HTML.escaped(introduction))</p>",
      columns: ["photo", "label", other, "file"])
    let predictions = photos.predictions
    for (row, other) in rows {
      func named(_ labels: [Int]) -> Cell {
        .html(
          labels.map { label in
            "\(HTML.escaped(predictions.classes[label]))<br>"
              + Self.percent(predictions.probability(row, of: label))
          }.joined(separator: "<br>"))
      }
      try append([
        Self.thumbnail { try picture(row) }, named(predictions.labels(of: row)), named(other),
        .text(photos.paths[row]),
      ])
    }
  }

  /// A small picture; what is thrown is shown in its place.
  static func thumbnail(_ picture: () throws -> Image) -> Cell {
    do {
      return .photo(try picture().thumbnail(longerSide: side))
    } catch {
      return .text("\(error)")
    }
  }

  static func percent(_ share: Double) -> String {
    "\((1000 * share).rounded() / 10) %"
  }
}
