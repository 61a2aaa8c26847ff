package import Datasets
package import Evaluation
import Files

/// Out-of-fold predictions as a CSV file: `path,label,fold,predicted,p_<class>…`, a row for each
/// photo in the order of the dataset; several labels as `a|b`. Probabilities are written so that reading gives the same bits.
package enum OutOfFold {
  /// Bytes of a fold's file; a photo of eight classes has about 200.
  static let longest = 1 << 32

  /// The text of a fold's own photos.
  package static func text(_ predictions: Predictions, fold: Int, dataset: Dataset) -> String {
    var text = header(dataset.classes)
    for row in predictions.samples.indices {
      text += line(
        predictions, row, path: dataset.samples[predictions.samples[row]].path, fold: fold)
    }
    return text
  }

  /// All folds' photos, in the order of the dataset, as text and as what was said of them.
  ///
  /// - Parameter folds: each fold's predictions of its own photos.
  package static func merge(
    _ folds: [Predictions], _ pool: FoldedPool, dataset: Dataset
  ) -> (text: String, all: Predictions) {
    var text = header(dataset.classes)
    var all = Predictions(classes: dataset.classes, thresholds: folds[0].thresholds)
    var rows = folds.map { $0.samples.indices }
    for fold in pool.folds {
      guard let row = rows[fold].popFirst() else { preconditionFailure("a fold lacks photos") }
      text += line(
        folds[fold], row, path: dataset.samples[folds[fold].samples[row]].path, fold: fold)
      all.append(
        sample: folds[fold].samples[row], labels: folds[fold].labels(of: row),
        probabilities: Array(folds[fold][row]))
    }
    return (text, all)
  }

  static func line(_ predictions: Predictions, _ row: Int, path: String, fold: Int) -> String {
    CSV.line(
      [
        path, predictions.text(of: predictions.labels(of: row)), "\(fold)",
        predictions.text(of: predictions.predictedLabels(row)),
      ] + predictions[row].map { "\($0)" })
  }

  /// Puts the folds' files together, in the order of the dataset, with what was said of the photos.
  ///
  /// - Parameters:
  ///   - thresholds: of each class, where photos may have several labels; nil where they have one.
  ///   - getsOn: called after each file and every thousand photos.
  /// - Throws: `FileError`; `CrossvalError` when a fold's file is not of its photos.
  package static func merge(
    _ pool: FoldedPool, dataset: Dataset, thresholds: [Double]? = nil, of folder: CrossvalFolder,
    _ getsOn: () throws -> Void = {}
  ) throws -> (text: String, all: Predictions) {
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
    var all = Predictions(classes: dataset.classes, thresholds: thresholds)
    for (place, (index, fold)) in zip(pool.indices, pool.folds).enumerated() {
      if place.isMultiple(of: 1000) { try getsOn() }
      let sample = dataset.samples[index]
      let fields = rows[fold].popFirst()?.fields ?? []
      guard fields.count == 4 + dataset.classes.count, fields[0].isExactly(sample.path),
        fields[1].isExactly(dataset.labelText(of: index)), fields[2] == "\(fold)"
      else {
        throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
      }
      let probabilities = fields[4...].compactMap { Double($0) }
      guard probabilities.count == dataset.classes.count else {
        throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
      }
      all.append(sample: index, labels: sample.labels, probabilities: probabilities)
      guard fields[3].isExactly(all.text(of: all.predictedLabels(place))) else {
        throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
      }
      text += CSV.line(fields)
    }
    for (fold, rest) in rows.enumerated() where !rest.isEmpty {
      throw CrossvalError.otherPhotos(folder.run(ofFold: fold).heldOut)
    }
    return (text, all)
  }

  static func header(_ classes: [String]) -> String {
    CSV.line(["path", "label", "fold", "predicted"] + classes.map { "p_\($0)" })
  }
}
