import Checkpoints
import Evaluation
import Files
import Glibc
package import Recipes

/// What a folder shows of a training, a probe or a cross-validation. Reads only, and takes what it
/// finds: the folder may be half-written, damaged or no run's at all.
package struct RunSummary: Sendable {
  package enum Kind: String, Sendable { case training, probe, crossval, average, recalibration }

  package enum Progress: String, Sendable {
    /// A process has the folder.
    case running
    /// A process of another host had the folder, which can't be seen from here, and its metrics grew
    /// just now.
    case perhapsRunning = "running?"
    case finished
    /// By `early-stopping`, before the last epoch.
    case finishedEarly = "finished early"
    /// There is a checkpoint to go on from.
    case stopped
    case noCheckpoint = "no checkpoint"
    case notARun = "not a run"
  }

  /// The folder's path below the one that was searched.
  package let name: String
  package let kind: Kind
  package let progress: Progress
  /// What is wrong with the folder; nil when nothing is.
  package let note: String?
  /// Nil when it can't be read.
  package let recipe: Recipe?
  /// The best value of `training.select-by` on the validation photos, nil before the first; of a
  /// cross-validation, the mean of its folds, nil before the last is done.
  package let best: Double?
  /// Epochs that the newest checkpoint has seen to their end.
  package let epochsDone: Int
  /// Of a cross-validation: how many folds have a result, and how many there are.
  package let folds: (done: Int, count: Int)?
  /// Of training and validation; nil when the run didn't note them.
  package let hours: Double?
  /// The run that it was forked from.
  package let origin: ForkOrigin?
  /// The run whose weights it began with.
  package let parent: ParentScore?

  /// What a training's or a probe's folder shows, or that it is neither.
  ///
  /// - Parameter now: in seconds since 1970.
  package init(_ folder: RunFolder, name: String, now: Int = time(nil)) {
    self.name = name
    var notes = Notes()
    let recipe =
      folder.holdsRun ? notes.attempt { try Recipe(path: folder.recipe, isSaved: true) } : nil
    let state = notes.attempt { try folder.newestState() }
    let times = notes.attempt { try MetricsTimes(path: folder.metrics) }
    origin = notes.attempt { try ForkOrigin(of: folder) }
    self.recipe = recipe
    kind =
      folder.holdsProbe
      ? .probe
      : notes.attempt { try ModelOrigin(of: folder) }.flatMap { Kind(rawValue: $0.kind.rawValue) }
        ?? .training
    best = state?.best?.value
    epochsDone = state?.epoch ?? 0
    folds = nil
    hours = times?.hours
    parent = recipe.flatMap { recipe in state.flatMap { ParentScore(of: recipe, $0) } }
    let isFinished =
      recipe.map { recipe in
        guard let state else { return false }
        return state.epoch >= recipe.training.epochs
          || recipe.training.maxSteps.map { state.step >= $0 } ?? false
      } ?? false
    let isStoppedEarly = state?.isStoppedEarly ?? false
    let use = RunLock.use(of: folder.path)
    if !folder.holdsRun {
      progress = .notARun
      let isEnsemble = EnsembleFolder(path: folder.path).exists
      notes = Notes(lines: [isEnsemble ? "an ensemble" : "no recipe.yaml"])
    } else if use == .held {
      progress = .running
    } else if isFinished {
      progress = .finished
    } else if isStoppedEarly {
      progress = .finishedEarly
    } else if use == .perhaps, times?.isGrowing(now: now) ?? false {
      progress = .perhapsRunning
    } else {
      progress = state == nil ? .noCheckpoint : .stopped
    }
    note = notes.text
  }

  /// What a cross-validation's folder shows.
  ///
  /// - Parameter runs: those of its folds.
  init(_ folder: CrossvalFolder, name: String, runs: [RunSummary]) {
    self.name = name
    var notes = Notes()
    let recipe = notes.attempt { try folder.savedRecipe().map { try Recipe($0) } }
    let count = notes.attempt { try folder.folds() } ?? 0
    let results = (0..<count).compactMap { fold in
      notes.attempt { try FoldResult(of: folder.run(ofFold: fold)) }
    }
    self.recipe = recipe
    kind = .crossval
    let metric = recipe?.training.selectBy
    best =
      results.isEmpty || results.count < count
      ? nil : metric.map { metric in CrossvalResult.Spread(results.map { $0.scores[metric] }).mean }
    epochsDone = 0
    folds = (results.count, count)
    let hours = runs.compactMap(\.hours)
    self.hours = hours.isEmpty ? nil : hours.reduce(0, +)
    origin = nil
    parent = nil
    if RunLock.use(of: folder.path) == .held {
      progress = .running
    } else if count > 0, results.count == count, Paths.exists(folder.scores) {
      progress = .finished
    } else {
      progress =
        runs.contains { $0.progress == .perhapsRunning } ? .perhapsRunning : .stopped
    }
    note = notes.text
  }

  /// What went wrong in looking, which ends nothing.
  private struct Notes {
    var lines: [String] = []

    mutating func attempt<Value>(_ body: () throws -> Value?) -> Value? {
      do {
        return try body()
      } catch {
        lines += harmlessLines(of: error).prefix(1)
        return nil
      }
    }

    var text: String? { lines.isEmpty ? nil : lines.joined(separator: "; ") }
  }
}
