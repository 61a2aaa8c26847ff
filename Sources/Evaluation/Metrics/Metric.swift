/// A number that says how good predictions are: its names, its direction and the functions that give
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
  /// Where each photo has one label; nil where it has no meaning then.
  private let ofClasses: (@Sendable (ConfusionMatrix) -> Double)?
  /// Where photos have several.
  private let ofLabels: (@Sendable (LabelTally) -> Double)?
  /// Nil: it is a function of who was taken for whom.
  private let ofLoss: (@Sendable (Double) -> Double)?

  init(
    _ name: String, title: String, _ direction: Direction = .higherIsBetter, digits: Int = 3,
    ofClasses: (@Sendable (ConfusionMatrix) -> Double)? = nil,
    ofLabels: (@Sendable (LabelTally) -> Double)? = nil,
    ofLoss: (@Sendable (Double) -> Double)? = nil
  ) {
    self.name = name
    self.title = title
    self.direction = direction
    self.digits = digits
    self.ofClasses = ofClasses
    self.ofLabels = ofLabels
    self.ofLoss = ofLoss
  }

  package var hasOneLabel: Bool { ofClasses != nil || ofLoss != nil }
  package var hasSeveralLabels: Bool { ofLabels != nil || ofLoss != nil }

  /// - Parameter meanLoss: over the photos.
  /// - Returns: nil where it has no meaning.
  func value(_ tally: Tally, meanLoss: Double) -> Double? {
    if let ofLoss { return ofLoss(meanLoss) }
    return switch tally {
    case .classes(let matrix): ofClasses?(matrix)
    case .labels(let labels): ofLabels?(labels)
    }
  }

  /// In JSON: `macro_f1`.
  package var key: String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// Whether `new` is strictly better, so that of equals the first stays. No number is worse than any.
  package func prefers(_ new: Double, to old: Double) -> Bool {
    if new.isNaN || old.isNaN { return !new.isNaN }
    return direction == .lowerIsBetter ? new < old : new > old
  }
}

extension Metric: Equatable {
  package static func == (a: Metric, b: Metric) -> Bool { a.name == b.name }
}
