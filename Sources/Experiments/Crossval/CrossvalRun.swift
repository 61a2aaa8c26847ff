import DataParallel
package import Datasets
package import Evaluation
import Files
import Glibc
package import MPI
package import Recipes
package import Runs
package import Training

/// One `tutti crossval`: teams of ranks train the folds, each of which holds out its photos, and
/// every photo is predicted by the model that was not trained on it.
///
/// The weights of a fold and all predictions have the same bits for any number of ranks and teams. Its
/// nouns, in the order of events:
///
///     CheckedExperiment  the recipe and the photos, the same on all ranks
///     FoldedPool         which fold holds out which photo
///     CrossvalStart      which folds are pending in the CrossvalFolder, as rank 0 finds it
///     TeamPlan, Team     ranks that train a fold together; each takes the next from the WorkQueue
///     FoldRun            a TrainingRun without the fold's photos, then their predictions
///     FoldResult         the fold is done: its steps and scores, beside held-out.csv
///     OutOfFold          all folds' predictions, in the order of the dataset
///     CrossvalResult     the folds' scores with mean and deviation: scores.json
package struct CrossvalRun {
  package enum Outcome: Sendable {
    /// On rank 0; the others have nil.
    case finished(CrossvalResult?)
    /// Asked to stop; so many folds are done.
    case stopped(done: Int)
  }

  package let folder: CrossvalFolder
  package let checked: CheckedExperiment
  package let pool: FoldedPool
  /// The ranks of each team; those that are in none have nothing to do.
  package let teams: [Range<Int>]
  /// The folds that have no result yet.
  package let pending: [Int]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]
  /// On rank 0, notes on the recipe and on pretrained weights.
  package let notes: [String]
  private let world: World
  /// On rank 0: as long as the cross-validation lives, its folder is this process's.
  private let lock: RunLock?

  /// Reads the recipe and data, compares the ranks, and opens or makes the folder. Collective; throws
  /// on all ranks if on one.
  ///
  /// - Parameters:
  ///   - path: of the folder; nil for a new one below `runs`, called after `name`.
  ///   - resumes: goes on where the folder holds a cross-validation.
  ///   - wantedTeams: nil for the number that is expected to be done first.
  ///   - seconds: how long a new cross-validation may take; nil for as long as its epochs do.
  ///   - makeRecipe: makes the recipe, given one that is saved.
  package static func prepare(
    world: World, path: String?, name: String, resumes: Bool, teams wantedTeams: Int?,
    within seconds: Double? = nil, recipe makeRecipe: (SavedRecipe?) throws -> Recipe
  ) throws -> CrossvalRun {
    let communicator = world.communicator
    let named = path.map { CrossvalFolder(path: $0) }
    let goesOn = communicator.isFirst && resumes && named?.exists == true
    var checked = try CheckedExperiment.readForFolds(
      world: world, teams: wantedTeams, saved: { goesOn ? try named?.savedRecipe() : nil },
      recipe: { saved in
        let recipe = try makeRecipe(saved)
        return seconds == nil ? recipe : try saved.map(recipe.keepingEpochs) ?? recipe
      })
    let isNew = try communicator.share { !goesOn }
    if let seconds, isNew {
      try checked.fitFolds(into: seconds, teams: wantedTeams, world: world)
    }
    let experiment = checked.experiment
    let (pool, photos) = try communicator.agree {
      let pool = try experiment.makePool()
      return (pool, try experiment.trainingPhotos(ofFolds: pool.count))
    }
    let plans = try communicator.agree { try photos.map(experiment.plan) }
    // Before there is a folder, which would stay.
    if isNew { try checked.checkMemoryOfFolds(pool.count, teams: wantedTeams, world: world) }
    let identity = CrossvalFolder.Identity(folds: pool.count, data: experiment.dataDigest)
    let folder = CrossvalFolder(
      path: try communicator.share { try path ?? RunFolder.claimNext(named: name).path })
    var lock: RunLock?
    let start = try communicator.share {
      do {
        let found = try CrossvalStart.find(
          folder, goesOn: goesOn, checked, identity: identity,
          lastSteps: plans.map(experiment.trainingSettings.lastStep))
        lock = found.lock
        return found.start
      } catch {
        if path == nil { RunFolder(path: folder.path).giveBack() }
        throw error
      }
    }
    let teams = TeamPlan.teams(
      wantedTeams, forFolds: start.pending.count, plans: plans, over: world.topology)
    let leads = teams.contains { $0.first == communicator.rank }
    try communicator.agree {
      guard teams.count > 1, leads else { return }
      guard (try? folder.identity()) == identity else {
        throw CrossvalError.notShared(path: folder.path)
      }
    }
    var notes = checked.notes
    if experiment.recipe.model.weights != nil, start.needsWeights {
      notes += try checked.shareInitialWeights(over: communicator, keeping: leads)
    }
    return CrossvalRun(
      folder: folder, checked: checked, pool: pool, teams: teams, pending: start.pending,
      changed: start.changed, notes: notes, world: world, lock: lock)
  }

  /// Trains what is pending, and puts the folds' results together. Collective.
  ///
  /// - Parameters:
  ///   - observers: of a fold's training, made on the first rank of its team.
  ///   - tell: what happens to a fold besides; on the same rank.
  package func run(
    observers: (_ fold: Int, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (_ fold: Int, FoldNews) -> Void, isAskedToStop: () -> Bool
  ) throws -> Outcome {
    defer { withExtendedLifetime(lock) {} }
    let team = try Team(of: world, teams: teams, folds: pending)
    do {
      while let fold = try team.nextFold(isAskedToStop) {
        world.status.part = "fold \(fold)"
        let holding = try team.communicator.agree {
          try checked.experiment.holdingOut(fold: fold, of: pool.count)
        }
        let run = try FoldRun.prepare(
          fold, holdingOut: pool.indices(in: fold), of: checked.with(holding),
          in: folder.run(ofFold: fold), over: team.communicator, world.status
        ) { try observers(fold, $0) }
        let isLeader = team.communicator.isFirst
        if isLeader { for note in run.notes { tell(fold, .note(note)) } }
        let result = try run.run(serving: team.serve, isAskedToStop: isAskedToStop)
        // After an error they stay, for its line.
        world.status.step = nil
        world.status.part = nil
        if let result, isLeader { tell(fold, .heldOut(result.scores)) }
      }
    } catch let error as AgreedError {
      // The team agrees, but other teams don't know of it: they must be ended.
      throw TeamError(error)
    }
    return try conclude(team, wasAskedToStop: isAskedToStop())
  }

  /// When all teams have ended: they may be hours apart.
  private func conclude(_ team: Team, wasAskedToStop: Bool) throws -> Outcome {
    try team.finish()
    let communicator = world.communicator
    let stops = try world.status.withoutDeadline { try communicator.any(wasAskedToStop) }
    let results = try communicator.share {
      try (0..<pool.count).map { try FoldResult(of: folder.run(ofFold: $0)) }
    }
    let missing = results.indices.filter { results[$0] == nil }
    if !missing.isEmpty && stops { return .stopped(done: pool.count - missing.count) }
    return .finished(
      try communicator.onFirst(working: { getsOn in
        guard missing.isEmpty else {
          throw CrossvalError.resultsMissing(missing.map { folder.run(ofFold: $0).path })
        }
        return try writeResult(results.compactMap(\.self), getsOn)
      }))
  }

  /// Of a million photos that takes minutes.
  private func writeResult(
    _ results: [FoldResult], _ getsOn: () throws -> Void
  ) throws -> CrossvalResult {
    let dataset = checked.experiment.dataset
    let (text, predictions) = try OutOfFold.merge(
      pool, dataset: dataset, thresholds: checked.experiment.thresholds, of: folder, getsOn)
    let result = CrossvalResult(
      results, predictions, groups: dataset.photoGroups(of: predictions.samples))
    try FileWriting.makeFolder("\(folder.path)/predictions")
    try getsOn()
    try FileWriting.replace(folder.predictions, with: Array(text.utf8))
    try getsOn()
    try FileWriting.replace(folder.scores, withJSON: result)
    return result
  }
}

/// News of a fold besides its training.
package enum FoldNews: Sendable {
  /// A checkpoint that was passed over, or a key of the recipe that was changed.
  case note(String)
  /// The scores of the photos that were held out.
  case heldOut(ViewedScores)
}
