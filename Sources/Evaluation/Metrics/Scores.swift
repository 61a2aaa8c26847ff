/// The result of an evaluation: a value for each metric, the scores of each class and who was taken
/// for whom.
package struct Scores: Codable, Equatable, Sendable {
  private let values: MetricValues<Double>
  package let photos: Int
  /// In the order of the classes.
  package let perClass: [ConfusionMatrix.ClassScores]
  /// `[label][predicted]`, in the order of the classes.
  package let confusionMatrix: [[Int]]

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
    photos = matrix.photos
    perClass = matrix.perClass
    let classes = matrix.classes.indices
    confusionMatrix = classes.map { label in classes.map { matrix[label, $0] } }
  }

  package subscript(metric: Metric) -> Double { values[metric] }

  private enum CodingKeys: String, CodingKey {
    case photos
    case perClass = "per_class"
    case confusionMatrix = "confusion_matrix"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    photos = try container.decode(Int.self, forKey: .photos)
    let perClass = try container.decode(
      [ConfusionMatrix.ClassScores].self, forKey: .perClass)
    let rows = try container.decode([[Int]].self, forKey: .confusionMatrix)
    guard rows.count == perClass.count, rows.allSatisfy({ $0.count == rows.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .confusionMatrix, in: container, debugDescription: "not a square of the classes")
    }
    let matrix = ConfusionMatrix(
      classes: perClass.map(\.name), counts: rows.flatMap { $0.map(Int64.init) })
    self.perClass = perClass
    confusionMatrix = rows
    values = try MetricValues(from: decoder) { metric in
      // The loss is in every file, since nothing else tells it.
      metric.value(EvaluationOutcome(matrix: matrix, meanLoss: .nan))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    try values.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(photos, forKey: .photos)
    try container.encode(perClass, forKey: .perClass)
    try container.encode(confusionMatrix, forKey: .confusionMatrix)
  }
}
