import Files

/// What is said of photos, by their paths: the rows of `tutti predict`.
package struct PhotoPredictions: Sendable {
  private let predictions: Predictions
  private let paths: [String]
  private let threshold: Double
  /// How little is known of each photo, where that is told.
  private let uncertainty: AnswerUncertainty?

  /// What is said of a photo whose most probable class is less probable than the threshold.
  package static let noneOfThese = "none of these"

  /// - Parameters:
  ///   - threshold: of `noneOfThese`.
  ///   - uncertainty: of the photos in their order; nil where it isn't told.
  package init(
    _ predictions: Predictions, of files: [String], rejectingBelow threshold: Double = 0,
    uncertainty: AnswerUncertainty? = nil
  ) {
    self.predictions = predictions
    self.threshold = threshold
    self.uncertainty = uncertainty
    paths = predictions.samples.map { files[$0] }
  }

  /// How many photos are none of these.
  package var rejected: Int { paths.indices.filter(isRejected).count }

  private func isRejected(_ row: Int) -> Bool {
    predictions.isRejected(row, below: threshold)
  }

  private func predicted(_ row: Int) -> String {
    isRejected(row)
      ? Self.noneOfThese : predictions.text(of: predictions.predictedLabels(row))
  }

  /// Whether a photo may be said to have several labels, or none.
  package var haveSeveralLabels: Bool { predictions.thresholds != nil }

  /// What tells how little is known of a photo: names of columns.
  package var measures: [String] { uncertainty?.columns.map(\.measure.rawValue) ?? [] }

  private func uncertainty(_ row: Int) -> [Double] {
    uncertainty?.columns.map { $0.values[row] } ?? []
  }

  /// A photo with what is said of it.
  package struct Line: Sendable {
    package let path: String
    package let predicted: String
    package let uncertainty: [Double]
    package let classes: [(name: String, p: Double)]
  }

  /// For each photo its path, what is predicted, and its most probable classes, of equals the first first.
  package func top(_ count: Int) -> [Line] {
    paths.enumerated().map { row, path in
      let ranked = zip(predictions.classes, predictions[row]).enumerated().sorted {
        ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
      }
      return Line(
        path: path, predicted: predicted(row), uncertainty: uncertainty(row),
        classes: ranked.prefix(count).map { ($0.element.0, $0.element.1) })
    }
  }

  /// `path,predicted,p_<class>…`, with as many digits as it takes to read back the same bits; with measures of
  /// uncertainty before the probabilities, where they are told.
  package var csv: String {
    var text = CSV.line(["path", "predicted"] + measures + predictions.classes.map { "p_\($0)" })
    for (row, path) in paths.enumerated() {
      text += CSV.line(
        [path, predicted(row)] + uncertainty(row).map { "\($0)" }
          + predictions[row].map { "\($0)" })
    }
    return text
  }

  /// A class, or a list of them where a photo may have several.
  package enum Predicted: Encodable, Sendable {
    case one(String)
    case several([String])

    package func encode(to encoder: any Encoder) throws {
      switch self {
      case .one(let name): try name.encode(to: encoder)
      case .several(let names): try names.encode(to: encoder)
      }
    }
  }

  /// What is said of a photo, for JSON.
  package struct Row: Encodable, Sendable {
    package let path: String
    package let predicted: Predicted
    package let probabilities: [String: Double]
    let uncertainty: [String: Double]?
  }

  /// For each photo.
  ///
  /// - Throws: `TwinClasses`.
  package func rows() throws(TwinClasses) -> [Row] {
    var names: Set<String> = []
    for name in predictions.classes where !names.insert(name).inserted {
      throw TwinClasses(name: name)
    }
    return paths.enumerated().map { row, path in
      Row(
        path: path,
        predicted: haveSeveralLabels
          ? .several(predictions.predictedLabels(row).map { predictions.classes[$0] })
          : .one(predicted(row)),
        probabilities: Dictionary(uniqueKeysWithValues: zip(predictions.classes, predictions[row])),
        uncertainty: uncertainty == nil
          ? nil : Dictionary(uniqueKeysWithValues: zip(measures, uncertainty(row))))
    }
  }

  /// An array with an object for each photo, on one line.
  ///
  /// - Throws: `TwinClasses`.
  package func json() throws -> String { try JSONText.encode(try rows()) }
}

/// A model of an earlier version may have two classes whose names differ in Unicode's normal form alone.
/// Swift's encoder, as many readers, takes them for one key.
package struct TwinClasses: UnusableInput, Equatable, CustomStringConvertible {
  package let name: String

  package var description: String {
    "two classes of the model are called `\(name)`, with accents written in two ways (Unicode's NFC and"
      + " NFD), and can't be two keys of one JSON object; take --csv"
  }
}
