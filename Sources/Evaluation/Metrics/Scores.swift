/// The result of an evaluation: a value for each metric, the scores of each class and who was taken
/// for whom.
package struct Scores: Codable, Equatable, Sendable {
  /// Beyond so many, JSON has the pairs that occur, in the place of the whole matrix.
  package static let classesOfWholeMatrix = 256

  private let values: MetricValues<Double>
  /// In the order of the classes.
  package private(set) var perClass: [ClassScores]
  private var tally: Tally
  /// How sure predictions are, and how often right then; nil where probabilities weren't known, or photos have several
  /// labels.
  package private(set) var calibration: Calibration?

  /// All that predictions tell.
  ///
  /// - Parameter loss: the mean over the photos; nil for that of the predictions' own.
  package init(_ predictions: Predictions, loss: Double? = nil) {
    let terms = predictions.thresholds == nil ? PhotoTerms(predictions) : nil
    let loss =
      loss ?? predictions.losses.reduce(0, +) / Double(max(1, predictions.losses.count))
    self.init(predictions.tally, loss: loss, terms.flatMap { $0.tally($0.once) })
  }

  /// - Parameter losses: of all photos in the order of their list, which is that of the sum.
  package init(_ matrix: ConfusionMatrix, losses: [Double]) {
    precondition(losses.count == matrix.photos)
    self.init(matrix, loss: losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count))
  }

  /// - Parameter loss: the mean over the photos.
  package init(_ matrix: ConfusionMatrix, loss: Double) {
    self.init(.classes(matrix), loss: loss, nil)
  }

  private init(_ tally: Tally, loss: Double, _ probabilities: ProbabilityTally?) {
    values = MetricValues(tally.metrics) {
      $0.value(tally, meanLoss: loss, probabilities: probabilities)
    }
    perClass = tally.perClass
    self.tally = tally
    calibration = probabilities?.calibration
  }

  /// The same with intervals of each class's figures.
  func with(_ intervals: [ClassScores.Intervals]) -> Scores {
    var scores = self
    scores.perClass = zip(perClass, intervals).map { $0.with($1) }
    return scores
  }

  /// The metrics' values, without what the classes and photos tell, which takes megabytes where there are many classes.
  package var valuesAlone: Scores {
    var scores = self
    (scores.perClass, scores.calibration) = ([], nil)
    scores.tally = .classes(ConfusionMatrix(classes: []))
    return scores
  }

  package var photos: Int { tally.photos }

  /// Photos that were recognised; with several labels, those of which all are right.
  package var right: Int {
    switch tally {
    case .classes(let matrix): matrix.classes.indices.reduce(0) { $0 + matrix[$1, $1] }
    case .labels(let labels): labels.exact
    }
  }

  /// Who was taken for whom; nil where photos have several labels.
  package var matrix: ConfusionMatrix? {
    if case .classes(let matrix) = tally { matrix } else { nil }
  }

  /// Those that have a value here, in the order of tables.
  package var metrics: [Metric] { values.metrics }

  /// Those of them that tables have with a row for each model, fold or view.
  package var metricsInTables: [Metric] {
    metrics.filter { $0.isInTables(severalLabels: matrix == nil) }
  }

  /// No number where the metric has no value.
  package subscript(metric: Metric) -> Double { values[metric] ?? .nan }

  private enum CodingKeys: String, CodingKey {
    case photos
    case perClass = "per_class"
    case macroF1Classes = "macro_f1_classes"
    case confusionMatrix = "confusion_matrix"
    case confusions
    case calibration
    case exactMatches = "exact_matches"
    case labelMatrices = "multilabel_confusion_matrix"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let perClass = try container.decode([ClassScores].self, forKey: .perClass)
    let tally =
      try Self.labels(of: container, perClass) ?? .classes(Self.matrix(of: container, perClass))
    self.perClass = perClass
    self.tally = tally
    calibration = try container.decodeIfPresent(Calibration.self, forKey: .calibration)
    values = try MetricValues(tally.metrics, from: decoder) { metric in
      // The loss is in every file, since nothing else tells it.
      metric.value(tally, meanLoss: .nan)
    }
  }

  private static func refusal(
    _ key: CodingKeys, _ container: KeyedDecodingContainer<CodingKeys>, _ problem: String
  ) -> DecodingError {
    .dataCorruptedError(forKey: key, in: container, debugDescription: problem)
  }

  /// Nil where each photo has one label.
  private static func labels(
    of container: KeyedDecodingContainer<CodingKeys>, _ perClass: [ClassScores]
  ) throws -> Tally? {
    guard let matrices = try container.decodeIfPresent([[[Int]]].self, forKey: .labelMatrices)
    else { return nil }
    guard
      let tally = LabelTally(
        perClass.map { $0.with(nil) }, exact: try container.decode(Int.self, forKey: .exactMatches),
        photos: try container.decode(Int.self, forKey: .photos), matrices: matrices)
    else { throw refusal(.labelMatrices, container, "not two by two photos of each class") }
    return .labels(tally)
  }

  private static func matrix(
    of container: KeyedDecodingContainer<CodingKeys>, _ perClass: [ClassScores]
  ) throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: perClass.map(\.name))
    let classes = matrix.classes.indices
    if let triples = try container.decodeIfPresent([[Int]].self, forKey: .confusions) {
      for triple in triples {
        guard triple.count == 3, classes.contains(triple[0]), classes.contains(triple[1]),
          (0..<(1 << 31)).contains(triple[2])
        else { throw refusal(.confusions, container, "not label, prediction and photos") }
        matrix.add(label: triple[0], predicted: triple[1], count: triple[2])
      }
    } else {
      let rows = try container.decode([[Int]].self, forKey: .confusionMatrix)
      guard rows.count == classes.count, rows.allSatisfy({ $0.count == classes.count }),
        rows.allSatisfy({ $0.allSatisfy((0..<(1 << 31)).contains) })
      else { throw refusal(.confusionMatrix, container, "not a square of the classes' photos") }
      matrix = ConfusionMatrix(classes: matrix.classes, rows: rows)
    }
    // Kappa takes the square of the photos.
    guard matrix.photos < 1 << 31 else {
      throw refusal(.perClass, container, "more photos than there are")
    }
    return matrix
  }

  package func encode(to encoder: any Encoder) throws {
    try values.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(photos, forKey: .photos)
    try container.encode(perClass, forKey: .perClass)
    try container.encodeIfPresent(calibration, forKey: .calibration)
    switch tally {
    case .classes(let matrix):
      try container.encode(matrix.classesOccurring.count, forKey: .macroF1Classes)
      if perClass.count > Self.classesOfWholeMatrix {
        try container.encode(matrix.triples, forKey: .confusions)
      } else {
        try container.encode(matrix.rows, forKey: .confusionMatrix)
      }
    case .labels(let tally):
      try container.encode(tally.exact, forKey: .exactMatches)
      try container.encode(tally.matrices, forKey: .labelMatrices)
    }
  }
}
