/// A number that says how good predictions are: its names, its direction and the function that gives
/// it. Scores, their JSON and tables, and `training.select-by` go through `Metric.all`, so that a new
/// metric is a file, of its own or of its kin, and a line there.
package struct Metric: Sendable {
  package enum Direction: Sendable { case higherIsBetter, lowerIsBetter }

  /// In recipes: `macro-f1`.
  package let name: String
  /// Over columns of numbers: `macro F1`.
  package let title: String
  package let direction: Direction
  /// Decimals in tables.
  package let digits: Int
  let value: @Sendable (EvaluationOutcome) -> Double

  init(
    _ name: String, title: String, _ direction: Direction = .higherIsBetter, digits: Int = 3,
    value: @escaping @Sendable (EvaluationOutcome) -> Double
  ) {
    self.name = name
    self.title = title
    self.direction = direction
    self.digits = digits
    self.value = value
  }

  /// In JSON: `macro_f1`.
  package var key: String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// Whether `new` is strictly better, so that of equals the first stays. No number is worse than any.
  package func prefers(_ new: Double, to old: Double) -> Bool {
    if new.isNaN || old.isNaN { return !new.isNaN }
    return direction == .lowerIsBetter ? new < old : new > old
  }
}

/// What metrics are functions of.
package struct EvaluationOutcome: Sendable {
  package let matrix: ConfusionMatrix
  /// −log p of the photos' labels, the mean over the photos.
  package let meanLoss: Double
}

extension Metric: Equatable {
  package static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }
}
