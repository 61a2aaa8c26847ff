/// A number that says how good predictions are: its names, its direction and the functions that give
/// it. Scores, their JSON and tables, and `training.select-by` go through `Metric.all`, so that a new
/// metric is a file, of its own or of its kin, and a line there.
package struct Metric: Sendable {
  package enum Direction: Sendable { case higherIsBetter, lowerIsBetter }

  /// The tables of several models, epochs or folds that have it; JSON has all.
  enum Tables: Sendable { case all, ofSeveralLabels, none }

  /// In recipes: `macro-f1`.
  package let name: String
  /// Over columns of numbers: `macro F1`.
  package let title: String
  package let direction: Direction
  /// Decimals in tables.
  package let digits: Int
  private let tables: Tables
  /// Whether classes of these names give it a meaning.
  private let isOfClasses: @Sendable ([String]) -> Bool
  /// Where each photo has one label; nil where it has no meaning then, or needs more.
  private let ofClasses: (@Sendable (ConfusionMatrix) -> Double)?
  /// The same of what is known by the probabilities alone; no value where the photos don't give it one.
  private let ofProbabilities: (@Sendable (ProbabilityTally) -> Double?)?
  /// Where photos have several.
  private let ofLabels: (@Sendable (LabelTally) -> Double?)?
  /// Nil: it is a function of who was taken for whom.
  private let ofLoss: (@Sendable (Double) -> Double)?

  init(
    _ name: String, title: String, _ direction: Direction = .higherIsBetter, digits: Int = 3,
    tables: Tables = .all,
    ofClasses: (@Sendable (ConfusionMatrix) -> Double)? = nil,
    ofProbabilities: (@Sendable (ProbabilityTally) -> Double?)? = nil,
    ofLabels: (@Sendable (LabelTally) -> Double?)? = nil,
    ofLoss: (@Sendable (Double) -> Double)? = nil,
    isOfClasses: @escaping @Sendable ([String]) -> Bool = { _ in true }
  ) {
    self.name = name
    self.title = title
    self.direction = direction
    self.digits = digits
    self.tables = tables
    self.isOfClasses = isOfClasses
    self.ofClasses = ofClasses
    self.ofProbabilities = ofProbabilities
    self.ofLabels = ofLabels
    self.ofLoss = ofLoss
  }

  package var hasOneLabel: Bool { ofClasses != nil || ofProbabilities != nil || ofLoss != nil }
  package var hasSeveralLabels: Bool { ofLabels != nil || ofLoss != nil }

  /// Whether it takes all probabilities of all photos with one label each, and not only the most probable class.
  package var needsProbabilities: Bool { ofProbabilities != nil }

  /// Whether it has a meaning for photos of these classes.
  package func applies(to classes: [String]) -> Bool { isOfClasses(classes) }

  /// Whether tables with a row for each model or fold have it.
  package func isInTables(severalLabels: Bool) -> Bool {
    tables == .all || tables == .ofSeveralLabels && severalLabels
  }

  /// - Parameters:
  ///   - meanLoss: over the photos.
  ///   - probabilities: nil where they aren't known.
  /// - Returns: nil where it has no meaning, or isn't known.
  func value(
    _ tally: Tally, meanLoss: Double, probabilities: ProbabilityTally? = nil
  ) -> Double? {
    if let ofLoss { return ofLoss(meanLoss) }
    switch tally {
    case .classes(let matrix):
      if !isOfClasses(matrix.classes) { return nil }
      return ofClasses?(matrix) ?? probabilities.flatMap { ofProbabilities?($0) }
    case .labels(let labels): return ofLabels?(labels)
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
