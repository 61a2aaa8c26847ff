import DataParallel
package import Datasets
package import Evaluation
package import MPI
import Pretrained
import Recipes
package import Runs
package import Training

/// One `tutti tune`: teams of ranks train trials of a recipe, as far as each is worth it.
///
/// Scores, tables and models have the same bytes for any number of ranks and teams. Its nouns, in the order of events:
///
///     TuneRequest     what is asked for
///     SearchSpace     which keys are tried, and of what ranges
///     TuneTrials      which settings each trial has; 0 is the recipe as it is
///     TuneSchedule    which trial is trained next, and to which rung, by results alone
///     TuneBook        that on rank 0, with what is in the TuneFolder already
///     TrialTraining   a TrainingRun of a trial until its rung, on a team
///     TrialRecord     what came of it
///     TuneResult      the table, and the winner on the test photos
package struct TuneRun {
  package enum Outcome: Sendable {
    /// On rank 0; the others have nil.
    case finished(TuneResult?)
    /// Asked to stop, or out of time before any trial came to a rung; so many jobs are done.
    case stopped(done: Int)
  }

  package let folder: TuneFolder
  package let checked: CheckedExperiment
  package let trials: TuneTrials
  /// How many there are, the recipe as it is among them.
  package let count: Int
  package let splits: Splits
  /// The ranks of each team.
  package let teams: [Range<Int>]
  package var metric: Metric { trials.base.training.selectBy }
  private let schedule: TuneSchedule
  private let seconds: Double?
  let world: World
  /// On rank 0: as long as the search lives, its folder is this process's.
  private let lock: RunLock?

  /// Reads the recipe, the space and the data, compares the ranks, and opens or makes the folder. Collective; throws
  /// on all ranks if on one.
  package static func prepare(_ request: TuneRequest, world: World) throws -> TuneRun {
    let communicator = world.communicator
    if let teams = request.teams, teams > communicator.size {
      throw AgreedError(TuneError.tooManyTeams(teams, ranks: communicator.size))
    }
    let asked = request.path.map { TuneFolder(path: $0) }
    let goesOn = try communicator.share {
      guard let asked, asked.exists else { return false }
      guard request.resumes else { throw TuneError.exists(asked.path) }
      return true
    }
    let saved = try communicator.share {
      goesOn ? try asked.map { try SavedRecipe(file: $0.base) } : nil
    }
    let base = try communicator.agree { try request.makeRecipe(saved) }
    let text = try communicator.share { try spaceText(request, goesOn ? asked : nil) }
    let trials = try communicator.agree {
      if let steps = base.training.maxSteps { throw TuneError.stepsLimited(steps) }
      return TuneTrials(
        base: base, space: try SearchSpace(text: text.text, name: text.path, for: base),
        method: request.method, seed: request.seed, gridPoints: request.gridPoints,
        rungs: request.rungs(of: base))
    }
    let count = try communicator.agree(isShared: true) { try self.count(request, trials) }
    let checked = try CheckedExperiment.read(
      world: world, saved: { nil }, recipe: { _ in base })
    let splits = try communicator.agree { try makeSplits(checked.experiment) }
    // Any rank may come to lead a team, and reads the weights' file then.
    try communicator.agree { _ = try checked.experiment.recipe.model.weights.map(checkIsThere) }
    let identity = identity(request, trials, checked.experiment)
    let path = try communicator.share {
      try request.path ?? RunFolder.claimNext(named: request.name).path
    }
    let folder = TuneFolder(path: path)
    let lock = try communicator.onFirst {
      do {
        if goesOn { return try open(folder, identity, base: base, trials: count) }
        return try folder.begin(identity, trials: count, base: base, space: text.text)
      } catch {
        if request.path == nil { RunFolder(path: path).giveBack() }
        throw error
      }
    }
    let plan = try communicator.agree { try checked.experiment.plan(ofPhotos: splits.train.count) }
    let teams = TeamPlan.teams(
      request.teams, forFolds: min(request.atOnce, count), plans: [plan], over: world.topology)
    try communicator.agree {
      guard teams.count > 1 else { return }
      guard (try? folder.content().identity) == identity else { throw TuneError.notShared(path) }
    }
    return TuneRun(
      folder: folder, checked: checked, trials: trials, count: count, splits: splits, teams: teams,
      schedule: TuneSchedule(
        rungs: trials.rungs.count, trials: count, reduction: request.reduction,
        atOnce: request.atOnce),
      seconds: request.seconds, world: world, lock: lock)
  }

  /// For a process by itself, to choose the number of ranks by.
  package static func plan(
    _ request: TuneRequest
  ) throws -> (trials: Int, microBatches: Int, threads: Int?) {
    let folder = request.path.map { TuneFolder(path: $0) }
    let saved =
      try request.resumes && folder?.exists == true
      ? folder.map { try SavedRecipe(file: $0.base) } : nil
    let recipe = try request.makeRecipe(saved)
    let experiment = try Experiment(recipe.takingNetOfWeights(of: nil))
    let plan = try experiment.plan(ofPhotos: experiment.makeSplits().train.count)
    return (
      min(request.atOnce, request.trials), plan.fullStepMicroBatches, recipe.training.threads
    )
  }

  private static func spaceText(
    _ request: TuneRequest, _ folder: TuneFolder?
  ) throws -> SavedRecipe {
    guard let path = request.space ?? folder?.space else { throw TuneError.noSearch }
    return try SavedRecipe(file: path)
  }

  /// All trials of a grid, or as many as are asked for.
  private static func count(_ request: TuneRequest, _ trials: TuneTrials) throws -> Int {
    guard request.method == .grid else { return request.trials }
    let points = trials.space.gridSize(points: request.gridPoints)
    guard let points, points < request.trials else {
      throw TuneError.gridTooLarge(points: points, trials: request.trials)
    }
    return points + 1
  }

  private static func makeSplits(_ experiment: Experiment) throws -> Splits {
    let splits = try experiment.makeSplits()
    if splits.validation.isEmpty {
      throw TuneError.noPhotos("validation", key: "data.validation")
    }
    if splits.test.isEmpty { throw TuneError.noPhotos("test", key: "data.test") }
    return splits
  }

  private static func checkIsThere(_ weights: String) throws {
    _ = try WeightsSource(path: weights, averaged: false)
  }

  private static func identity(
    _ request: TuneRequest, _ trials: TuneTrials, _ experiment: Experiment
  ) -> TuneFolder.Identity {
    TuneFolder.Identity(
      method: request.method.rawValue, seed: request.seed, rungs: trials.rungs,
      reduction: request.reduction, atOnce: request.atOnce, gridPoints: request.gridPoints,
      space: trials.space.entries.map { "\($0.key): \($0.range.text)" },
      data: experiment.dataDigest, weights: experiment.recipe.model.weightsDigest,
      teacher: experiment.recipe.loss.teacherDigest)
  }

  private static func open(
    _ folder: TuneFolder, _ identity: TuneFolder.Identity, base: Recipe, trials: Int
  ) throws -> RunLock {
    let lock = try RunLock(folder.path)
    let old = try Recipe(SavedRecipe(file: folder.base))
    let serious = Recipe.differences(old: old, new: base).filter(\.affectsResults)
    guard serious.isEmpty else {
      throw TuneError.recipeChanged(path: folder.path, serious.map(\.description))
    }
    let (begun, count) = try folder.content()
    guard begun == identity else {
      throw TuneError.changed(path: folder.path, begun.differences(to: identity))
    }
    guard trials >= count else {
      throw TuneError.fewerTrials(trials, begun: count, path: folder.path)
    }
    try folder.write(base)
    try folder.write(identity, trials: trials)
    return lock
  }

  /// Trains what is to be trained, and scores the winner on the test photos. Collective.
  ///
  /// - Parameters:
  ///   - observers: of a trial's training, made on the first rank of its team.
  ///   - tell: what happens to a trial besides; on the same rank.
  package func run(
    observers: (_ trial: Int, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (_ trial: Int, TrialNews) -> Void, isAskedToStop: () -> Bool
  ) throws -> Outcome {
    defer { withExtendedLifetime(lock) {} }
    let start = ContinuousClock.now
    let book = TuneBook(
      schedule, trials, in: folder, by: metric, photos: splits.train.count)
    let first = try world.communicator.onFirst { try book.decide() } ?? []
    let desk = try TeamDesk(
      first, teams: teams, of: world, more: { try book.record($0, merit: $1) })
    try desk.work(isAskedToStop) { turn in
      if try isLate(turn, since: start) {
        if turn.communicator.isFirst { try desk.hasStopped(turn) }
        return nil
      }
      return try TrialTraining(
        search: self, trial: turn.job / schedule.rungs, rung: turn.job % schedule.rungs,
        turn: turn, desk: desk
      ).run(observers: observers, tell: tell, isAskedToStop: isAskedToStop)
    }
    return try conclude(book, wasAskedToStop: isAskedToStop())
  }

  /// Whether the time is over for a job that nobody has begun. Collective over the turn's ranks.
  private func isLate(_ turn: TeamDesk.Turn, since start: ContinuousClock.Instant) throws -> Bool {
    // Those who were there before are in the midst of it.
    guard let seconds, !turn.isJoined else { return false }
    return try turn.communicator.share { ContinuousClock.now - start > .seconds(seconds) }
  }

  /// When all teams have ended.
  private func conclude(_ book: TuneBook, wasAskedToStop: Bool) throws -> Outcome {
    let communicator = world.communicator
    let stops = try world.status.withoutDeadline { try communicator.any(wasAskedToStop) }
    let table = try communicator.onFirst {
      let table = try TuneTable(self)
      try table.write()
      return table
    }
    let end = try communicator.share {
      Ending(done: book.done, isWhole: book.isWhole, winner: table?.winner)
    }
    guard let winner = end.winner, end.isWhole || !stops else { return .stopped(done: end.done) }
    let names = (winner == 0 ? [0] : [0, winner]).map { folder.run(ofTrial: $0).path }
    let evaluation = try EvaluationRun.run(
      world: world, models: names, split: .test, data: nil,
      settings: ["data.path=\(Recipe.value(trials.base.data.path))"])
    return .finished(
      try communicator.onFirst(working: { getsOn in
        try getsOn()
        return try table?.result(evaluation, isWhole: end.isWhole)
      }) ?? nil)
  }

  /// How rank 0 finds the search, when nobody trains any more.
  private struct Ending: Codable {
    let done: Int
    let isWhole: Bool
    let winner: Int?
  }
}
