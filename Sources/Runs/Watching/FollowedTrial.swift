import Evaluation
import Files
import Recipes

/// What a trial's recipe says of it.
private struct TrialRecipe: Sendable {
  let metric: Metric
  let epochs: Int
  /// Of the keys that the search tries, those that its rules have.
  let settings: [(key: String, value: String)]

  init(path: String, keys: [String]) throws {
    let recipe = try Recipe(path: path, isSaved: true)
    metric = recipe.training.selectBy
    epochs = recipe.training.epochs
    settings = keys.compactMap { key in recipe[key].map { (key, $0.value) } }
  }
}

/// A trial of a search, which is trained from rung to rung as long as it is among the better ones.
struct FollowedTrial: FollowedPart {
  private let trial: Int
  private let search: TuneFolder
  /// The epochs after which trials are compared.
  private let rungs: [Int]
  private let keys: [String]
  private var training: FollowedTraining
  private var result = FollowedFile<TrialRecord>()
  private var recipe = FollowedFile<TrialRecipe>()

  init(_ trial: Int, of search: TuneFolder, rungs: [Int], keys: [String]) {
    (self.trial, self.search, self.rungs, self.keys) = (trial, search, rungs, keys)
    training = FollowedTraining(search.run(ofTrial: trial), name: Self.name(trial))
  }

  private static func name(_ trial: Int) -> String { "trial \(trial)" }

  /// Trials are short, and what went wrong in one is no reason to stop the others.
  var record: RunRecord.Training? { nil }

  mutating func look(now: Int) -> TrainingStatus {
    let search = search
    let trial = trial
    result.look(at: search.record(ofTrial: trial)) { _ in
      try TrialRecord(ofTrial: trial, in: search)
    }
    let folder = training.folder
    let isTrained = RunLock.use(of: folder.path) != .none
    // Hundreds of trials may be done, whose metrics nobody asks for.
    var status =
      isTrained || result.value == nil
      ? training.look(now: now) : TrainingStatus(name: Self.name(trial), path: folder.path)
    let keys = keys
    recipe.look(at: folder.recipe) { try TrialRecipe(path: $0, keys: keys) }
    if let recipe = recipe.value {
      status.metric = recipe.metric
      status.epochs = recipe.epochs
      status.settings = recipe.settings
    }
    guard let record = result.value, !status.state.isRunning else { return status }
    status.epoch = record.rungs.last?.epochs
    status.best = record.rungs.last?.value ?? status.best
    status.note = record.failure
    status.state =
      record.failure != nil
      ? .failed : record.rungs.count >= rungs.count ? .finished : .stopped
    return status
  }
}
