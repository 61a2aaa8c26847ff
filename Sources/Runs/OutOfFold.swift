package import Datasets
package import Evaluation
import Files

/// Out-of-fold predictions as a CSV file: `path,label,fold,predicted,p_<class>…`, a row for each
/// photo in the order of the dataset. Probabilities are written so that reading gives the same bits.
package enum OutOfFold {
  /// Bytes of a fold's file; a photo of eight classes has about 200.
  private static let longest = 1 << 32

  /// The text of a fold's own photos.
  package static func text(_ predictions: Predictions, fold: Int, dataset: Dataset) -> String {
    var text = header(dataset.classes)
    for row in predictions.samples.indices {
      text += line(predictions, row, fold: fold, dataset: dataset)
    }
    return text
  }

  /// The text of all folds' photos, in the order of the dataset, and who was taken for whom.
  ///
  /// - Parameter folds: each fold's predictions of its own photos.
  package static func merge(
    _ folds: [Predictions], _ pool: FoldedPool, dataset: Dataset
  ) -> (text: String, matrix: ConfusionMatrix) {
    var text = header(dataset.classes)
    var matrix = ConfusionMatrix(classes: dataset.classes)
    var rows = folds.map { $0.samples.indices }
    for fold in pool.folds {
      guard let row = rows[fold].popFirst() else { preconditionFailure("a fold lacks photos") }
      text += line(folds[fold], row, fold: fold, dataset: dataset)
      matrix.add(label: folds[fold].labels[row], predicted: folds[fold].predicted(row))
    }
    return (text, matrix)
  }

  private static func line(
    _ predictions: Predictions, _ row: Int, fold: Int, dataset: Dataset
  ) -> String {
    CSV.line(
      [
        dataset.samples[predictions.samples[row]].path, dataset.classes[predictions.labels[row]],
        "\(fold)", dataset.classes[predictions.predicted(row)],
      ] + predictions[row].map { "\($0)" })
  }

  /// Puts the folds' files together, in the order of the dataset, and counts who was taken for whom.
  ///
  /// - Parameter getsOn: called after each file and every thousand photos.
  /// - Throws: `FileError`; `CrossvalError` when a fold's file is not of its photos.
  package static func merge(
    _ pool: FoldedPool, dataset: Dataset, of folder: CrossvalFolder,
    _ getsOn: () throws -> Void = {}
  ) throws -> (text: String, matrix: ConfusionMatrix) {
    let header = header(dataset.classes)
    var rows = try (0..<pool.count).map { fold in
      let path = folder.run(ofFold: fold).heldOut
      let bytes = try InputFile(path: path).bytes(atMost: longest)
      guard let records = try? CSV.records(of: bytes), let first = records.first,
        CSV.line(first.fields).isExactly(header)
      else { throw CrossvalError.damaged(path, remedy: CrossvalError.predictAgain) }
      try getsOn()
      return records.dropFirst()
    }
    var text = header
    var matrix = ConfusionMatrix(classes: dataset.classes)
    let labels = dataset.labels
    for (place, (index, fold)) in zip(pool.indices, pool.folds).enumerated() {
      if place.isMultiple(of: 1000) { try getsOn() }
      let sample = dataset.samples[index]
      let fields = rows[fold].popFirst()?.fields ?? []
      guard fields.count == 4 + dataset.classes.count, fields[0].isExactly(sample.path),
        fields[1].isExactly(dataset.classes[sample.label]), fields[2] == "\(fold)",
        let predicted = labels[ExactText(fields[3])],
        fields[4...].allSatisfy({ Double($0) != nil })
      else {
        throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
      }
      text += CSV.line(fields)
      matrix.add(label: sample.label, predicted: predicted)
    }
    for (fold, rest) in rows.enumerated() where !rest.isEmpty {
      throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
    }
    return (text, matrix)
  }

  private static func header(_ classes: [String]) -> String {
    CSV.line(["path", "label", "fold", "predicted"] + classes.map { "p_\($0)" })
  }
}
