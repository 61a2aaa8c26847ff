package import Evaluation

/// Labelled photos, each with another class, as text for people.
package enum LabelsTable {
  /// `photo  label  p  suggestion  p  loss`
  ///
  /// - Parameters:
  ///   - rows: of the photos, each with the other class, or with several labels all of them.
  ///   - other: the heading of the other class.
  package static func text(
    _ photos: LabelledPhotos, rows: [(row: Int, other: [Int])], called other: String
  ) -> String {
    let predictions = photos.predictions
    return TextTable.aligned(
      [["photo", "label", "p", other, "p", "loss"]]
        + rows.map { row, other in
          func p(_ labels: [Int]) -> String {
            labels.map { NumberText.fixed(predictions.probability(row, of: $0), 3) }
              .joined(separator: "|")
          }
          let labels = predictions.labels(of: row)
          return [
            photos.paths[row], predictions.text(of: labels), p(labels),
            predictions.text(of: other), p(other),
            NumberText.fixed(predictions.losses[row], 3),
          ]
        }, textColumns: [0, 1, 3])
  }
}
