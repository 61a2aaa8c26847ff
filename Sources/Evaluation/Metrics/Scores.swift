/// The result of an evaluation: a value for each metric, the scores of each class and who was taken
/// for whom.
package struct Scores: Codable, Equatable, Sendable {
  /// Beyond so many, JSON has the pairs that occur, in the place of the whole matrix.
  package static let classesOfWholeMatrix = 256

  private let values: MetricValues<Double>
  /// In the order of the classes.
  package let perClass: [ConfusionMatrix.ClassScores]
  package let matrix: ConfusionMatrix

  /// - Parameter losses: of all photos in the order of their list, which is that of the sum.
  package init(_ matrix: ConfusionMatrix, losses: [Double]) {
    precondition(losses.count == matrix.photos)
    self.init(
      matrix, loss: losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count))
  }

  /// - Parameter loss: the mean over the photos.
  package init(_ matrix: ConfusionMatrix, loss: Double) {
    let outcome = EvaluationOutcome(matrix: matrix, meanLoss: loss)
    values = MetricValues { $0.value(outcome) }
    perClass = matrix.perClass
    self.matrix = matrix
  }

  package var photos: Int { matrix.photos }

  package subscript(metric: Metric) -> Double { values[metric] }

  private enum CodingKeys: String, CodingKey {
    case photos
    case perClass = "per_class"
    case macroF1Classes = "macro_f1_classes"
    case confusionMatrix = "confusion_matrix"
    case confusions
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let perClass = try container.decode(
      [ConfusionMatrix.ClassScores].self, forKey: .perClass)
    var matrix = ConfusionMatrix(classes: perClass.map(\.name))
    let classes = matrix.classes.indices
    func refusal(_ key: CodingKeys, _ problem: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: problem)
    }
    if let triples = try container.decodeIfPresent([[Int]].self, forKey: .confusions) {
      for triple in triples {
        guard triple.count == 3, classes.contains(triple[0]), classes.contains(triple[1]),
          (0..<(1 << 31)).contains(triple[2])
        else { throw refusal(.confusions, "not label, prediction and photos") }
        matrix.add(label: triple[0], predicted: triple[1], count: triple[2])
      }
    } else {
      let rows = try container.decode([[Int]].self, forKey: .confusionMatrix)
      guard rows.count == classes.count, rows.allSatisfy({ $0.count == classes.count }),
        rows.allSatisfy({ $0.allSatisfy((0..<(1 << 31)).contains) })
      else { throw refusal(.confusionMatrix, "not a square of the classes' photos") }
      matrix = ConfusionMatrix(classes: matrix.classes, rows: rows)
    }
    // Kappa takes the square of the photos.
    guard matrix.photos < 1 << 31 else { throw refusal(.perClass, "more photos than there are") }
    self.perClass = perClass
    self.matrix = matrix
    let found = matrix
    values = try MetricValues(from: decoder) { metric in
      // The loss is in every file, since nothing else tells it.
      metric.value(EvaluationOutcome(matrix: found, meanLoss: .nan))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    try values.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(photos, forKey: .photos)
    try container.encode(perClass, forKey: .perClass)
    try container.encode(matrix.classesOccurring.count, forKey: .macroF1Classes)
    if perClass.count > Self.classesOfWholeMatrix {
      try container.encode(matrix.triples, forKey: .confusions)
    } else {
      try container.encode(matrix.rows, forKey: .confusionMatrix)
    }
  }
}
