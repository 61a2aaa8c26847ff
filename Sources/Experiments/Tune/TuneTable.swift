import Evaluation
import Files
import Recipes
import Runs

/// What all trials of a search came to, as their records say; rank 0's.
struct TuneTable {
  private let search: TuneRun
  private let trials: [TuneResult.Trial]
  /// Values at the first rung, by trial.
  private let first: [Int: Double]
  /// The best of those that came furthest; nil where none came to a rung.
  let winner: Int?

  init(_ search: TuneRun) throws {
    self.search = search
    let (metric, rungs) = (search.metric, search.trials.rungs)
    var trials: [TuneResult.Trial] = []
    var first: [Int: Double] = [:]
    for trial in 0..<search.count {
      guard let record = try TrialRecord(ofTrial: trial, in: search.folder) else { continue }
      first[trial] = record.rungs.first?.value
      trials.append(
        TuneResult.Trial(
          trial: trial, values: search.trials.values(of: trial),
          epochs: record.rungs.last?.epochs ?? 0, value: record.rungs.last?.value,
          state: record.failure != nil
            ? .failed : record.rungs.count == rungs.count ? .finished : .stopped))
    }
    self.trials = trials
    self.first = first
    let eligible = trials.filter { $0.state != .failed }
    let furthest = eligible.map(\.epochs).max() ?? 0
    winner =
      eligible.filter { $0.epochs == furthest }.min { a, b in
        let (one, other) = (a.value ?? .nan, b.value ?? .nan)
        return metric.prefers(one, to: other)
          || !metric.prefers(other, to: one) && a.trial < b.trial
      }?.trial
  }

  private var keys: [String] { search.trials.space.entries.map(\.key) }

  /// Writes `trials.csv`.
  func write() throws {
    let text = TuneResult.table(trials, keys: keys, metric: search.metric)
    try FileWriting.replace(search.folder.table, with: Array(text.utf8))
  }

  /// Writes `result.json` and `best.yaml`.
  ///
  /// - Parameter evaluation: of trial 0 and the winner on the test photos; of one where they are the same.
  func result(_ evaluation: EvaluationRun, isWhole: Bool) throws -> TuneResult? {
    guard let best = trials.first(where: { $0.trial == winner }) else { return nil }
    let members = evaluation.scores.members.map(\.scores)
    let paths = evaluation.answers.paths
    let models = evaluation.members.map {
      LabelledPhotos($0, paths: paths, groups: evaluation.answers.groups)
    }
    let isCompared = models.count > 1 && !search.trials.base.data.hasSeveralLabels
    let test = TuneResult.Test(
      photos: paths.count, winner: members[members.count - 1], recipe: members[0],
      paired: isCompared ? try PairedComparison(first: models[0], second: models[1]) : nil)
    let result = TuneResult(
      metric: search.metric, keys: keys, trials: trials, winner: best, isWhole: isWhole,
      importance: importance, test: test)
    try FileWriting.replace(search.folder.result, withJSON: result, indented: true)
    let recipe = try Recipe(search.folder.run(ofTrial: best.trial).savedRecipe())
      .with(["training.max-steps=none"])
    try FileWriting.replace(search.folder.best, with: Array(recipe.resolved.utf8))
    return result
  }

  private var importance: [TuneResult.Importance] {
    search.trials.space.entries.enumerated().map { place, entry in
      TuneResult.Importance(
        key: entry.key,
        trials: trials.compactMap { trial in
          guard let part = entry.range.part(of: trial.values[place]),
            let score = first[trial.trial]
          else { return nil }
          return (part, score)
        })
    }
  }
}
