import Diagnosis
package import Runs

/// Illnesses of trainings that go on: those that are worth a look before the end. `tutti diagnose` knows of more.
package struct WatchWarnings: Sendable {
  package struct Warning: Encodable, Equatable, Sendable {
    /// The illness's: `memory-near-limit`.
    package let name: String
    package let severity: String
    package let text: String
  }

  /// What an unfinished training can't be blamed for is left out.
  private static let names: Set = [
    NonFiniteSteps.name, LearningRateTooHigh.name, WaitingForPhotos.name, WaitingForRanks.name,
    SlowExchange.name, MemoryNearLimit.name,
  ]

  package private(set) var found: [Warning] = []
  /// Of each training, its epochs and passed-over steps when it was last looked at.
  private var seen: [[Int]] = []

  package init() {}

  /// Looks where an epoch has ended, or a step was passed over, since the last time.
  package mutating func look(at trainings: [RunRecord.Training]) {
    let state = trainings.map { [$0.metrics.epochs.count, $0.metrics.skipped.count] }
    if state == seen { return }
    seen = state
    guard let first = trainings.first else {
      found = []
      return
    }
    let record = RunRecord(
      path: first.path, recipe: first.recipe, trainings: trainings, scores: nil)
    found = Diagnosis(record).findings.compactMap { finding in
      let illness = finding.illness
      let name = type(of: illness).name
      guard Self.names.contains(name), illness.severity > .minor else { return nil }
      return Warning(
        name: name, severity: illness.severity.rawValue, text: IllnessText.sentence(illness))
    }
  }
}
