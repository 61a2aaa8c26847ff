package import Evaluation

/// Labelled photos, each with another class, as text for people.
package enum LabelsTable {
  /// `photo  label  p  suggestion  p  loss`
  ///
  /// - Parameters:
  ///   - rows: of the photos, each with the other class.
  ///   - other: the heading of the other class.
  package static func text(
    _ photos: LabelledPhotos, rows: [(row: Int, other: Int)], called other: String
  ) -> String {
    let predictions = photos.predictions
    return TextTable.aligned(
      [["photo", "label", "p", other, "p", "loss"]]
        + rows.map { row, other in
          let (label, own) = (predictions.labels[row], Array(predictions[row]))
          return [
            photos.paths[row], predictions.classes[label], NumberText.fixed(own[label], 3),
            predictions.classes[other], NumberText.fixed(own[other], 3),
            NumberText.fixed(predictions.losses[row], 3),
          ]
        }, textColumns: [0, 1, 3])
  }
}
