package import Evaluation
import Files

/// What a search came to: `result.json`.
package struct TuneResult: Encodable, Sendable {
  /// A trial of the table.
  package struct Trial: Encodable, Equatable, Sendable {
    package let trial: Int
    /// Of each key, as the recipe writes them; empty for a key of a rule that it didn't choose.
    package let values: [String]
    /// What it was trained to; 0 for none.
    package let epochs: Int
    /// The best value on the validation photos until then; nil for none.
    package let value: Double?
    package let state: State

    package init(trial: Int, values: [String], epochs: Int, value: Double?, state: State) {
      self.trial = trial
      self.values = values
      self.epochs = epochs
      self.value = value
      self.state = state
    }
  }

  package enum State: String, Encodable, Sendable {
    /// After all epochs.
    case finished
    /// At a rung, where others were better; or the search is not at its end.
    case stopped
    case failed
  }

  /// What a key's values explain of how trials differ.
  package struct Importance: Encodable, Equatable, Sendable {
    package let key: String
    /// Of the variance of the scores at the first rung; nil where there are too few trials.
    package let share: Double?

    package init(key: String, share: Double?) {
      self.key = key
      self.share = share
    }
  }

  /// The winner and the recipe as it is on photos that the search didn't see.
  package struct Test: Sendable {
    package let photos: Int
    package let winner: ViewedScores
    /// The same as the winner's where that is the recipe as it is.
    package let recipe: ViewedScores
    /// From the recipe as it is to the winner; nil where they are one, or photos have several labels.
    package let paired: PairedComparison?

    package init(
      photos: Int, winner: ViewedScores, recipe: ViewedScores, paired: PairedComparison?
    ) {
      self.photos = photos
      self.winner = winner
      self.recipe = recipe
      self.paired = paired
    }
  }

  package let metric: Metric
  package let keys: [String]
  /// Those that were begun.
  package let trials: [Trial]
  package let winner: Trial
  /// Whether all trials came as far as the search takes them.
  package let isWhole: Bool
  package let importance: [Importance]
  package let test: Test

  package init(
    metric: Metric, keys: [String], trials: [Trial], winner: Trial, isWhole: Bool,
    importance: [Importance], test: Test
  ) {
    self.metric = metric
    self.keys = keys
    self.trials = trials
    self.winner = winner
    self.isWhole = isWhole
    self.importance = importance
    self.test = test
  }

  private enum CodingKeys: String, CodingKey {
    case winner, settings, metric, selection, whole, importance, test
  }

  private enum SelectionKeys: String, CodingKey {
    case value, trials, epochs, note
  }

  private enum TestKeys: String, CodingKey {
    case photos, winner, recipe, differences, mcnemar
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(winner.trial, forKey: .winner)
    var settings = container.nestedContainer(keyedBy: Key.self, forKey: .settings)
    for (key, value) in zip(keys, winner.values) where !value.isEmpty {
      try settings.encode(value, forKey: Key(stringValue: key))
    }
    try container.encode(metric.key, forKey: .metric)
    try container.encode(isWhole, forKey: .whole)
    var selection = container.nestedContainer(keyedBy: SelectionKeys.self, forKey: .selection)
    try selection.encode(winner.value, forKey: .value)
    try selection.encode(trials.count, forKey: .trials)
    try selection.encode(winner.epochs, forKey: .epochs)
    try selection.encode(
      "on the validation photos, by which it was chosen among the trials: too good", forKey: .note)
    try container.encode(importance, forKey: .importance)
    var scores = container.nestedContainer(keyedBy: TestKeys.self, forKey: .test)
    try scores.encode(test.photos, forKey: .photos)
    try scores.encode(test.winner, forKey: .winner)
    try scores.encode(test.recipe, forKey: .recipe)
    guard let paired = test.paired else { return }
    try scores.encode(paired.mcNemar, forKey: .mcnemar)
    var differences = scores.nestedContainer(keyedBy: Key.self, forKey: .differences)
    for (metric, difference) in paired.metrics {
      try differences.encode(difference, forKey: Key(stringValue: metric.key))
    }
  }

  /// `trials.csv`.
  package static func table(_ trials: [Trial], keys: [String], metric: Metric) -> String {
    var text = CSV.line(["trial"] + keys + ["epochs", metric.key, "state"])
    for trial in trials {
      text += CSV.line(
        ["\(trial.trial)"] + trial.values
          + ["\(trial.epochs)", trial.value.map { "\($0)" } ?? "", trial.state.rawValue])
    }
    return text
  }
}

extension TuneResult.Importance {
  /// The share of the variance of the scores that parts of a key's range, or its words, explain, adjusted for their
  /// number n of N trials: 1 − (1 − R²)(N − 1)/(N − n), and 0 where that is less. Rough: keys are taken one by one.
  ///
  /// - Parameter trials: of each trial, which part its value is in, and its score.
  package init(key: String, trials: [(part: Int, score: Double)]) {
    self.key = key
    let parts = Dictionary(grouping: trials, by: \.part)
    func mean(_ trials: [(part: Int, score: Double)]) -> Double {
      trials.reduce(0) { $0 + $1.score } / Double(trials.count)
    }
    let whole = mean(trials)
    let total = trials.reduce(0) { $0 + ($1.score - whole) * ($1.score - whole) }
    guard parts.count > 1, trials.count > parts.count, total > 0 else {
      share = nil
      return
    }
    let within = parts.keys.sorted().reduce(0.0) { sum, part in
      let own = parts[part] ?? []
      let centre = mean(own)
      return sum + own.reduce(0) { $0 + ($1.score - centre) * ($1.score - centre) }
    }
    share = max(
      0, 1 - within / total * Double(trials.count - 1) / Double(trials.count - parts.count))
  }
}
