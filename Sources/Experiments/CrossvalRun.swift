import Checkpoints
import DataParallel
package import Datasets
import Evaluation
import Glibc
package import MPI
package import Training

/// One `tutti crossval`: teams of ranks train the folds, each of which holds out its photos, and
/// every photo is predicted by the model that was not trained on it.
///
/// The weights of a fold and all predictions have the same bits for any number of ranks and teams.
package struct CrossvalRun {
  package enum Outcome: Sendable {
    /// On rank 0; the others have nil.
    case finished(CrossvalResult?)
    /// Asked to stop; so many folds are done.
    case stopped(done: Int)
  }

  package let folder: CrossvalFolder
  package let sound: SoundExperiment
  package let pool: FoldedPool
  /// The ranks of each team.
  package let teams: [Range<Int>]
  /// The folds that have no result yet.
  package let pending: [Int]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]
  private let world: World

  /// Reads the recipe and data, compares the ranks, and opens or makes the folder. Collective; throws
  /// on all ranks if on one.
  ///
  /// - Parameters:
  ///   - path: of the folder; nil for a new one below `runs`, called after `name`.
  ///   - resumes: goes on where the folder holds a cross-validation.
  ///   - wantedTeams: nil for the number that is expected to be done first.
  ///   - makeRecipe: makes the recipe, given the text and path of one that is saved.
  package init(
    world: World, path: String?, name: String, resumes: Bool, teams wantedTeams: Int?,
    recipe makeRecipe: (_ saved: (text: String, path: String)?) throws -> Recipe
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    if let wantedTeams, wantedTeams > communicator.size {
      throw AgreedError(CrossvalError.tooManyTeams(wantedTeams, ranks: communicator.size))
    }
    let folder = CrossvalFolder(
      path: try communicator.broadcast(
        isFirst ? path ?? RunFolder.next(named: name).path : "", from: 0))
    let goesOn = isFirst && resumes && folder.exists
    let sound = try SoundExperiment(
      world: world, saved: { goesOn ? try folder.savedRecipe() : nil }, recipe: makeRecipe)
    let experiment = sound.experiment
    let pool = try communicator.agree { try experiment.makePool() }
    let identity = CrossvalFolder.Identity(folds: pool.count, data: experiment.dataDigest)
    let start = try communicator.agree(isShared: true) {
      isFirst
        ? try CrossvalStart(folder, goesOn: goesOn, experiment, identity: identity, pool: pool)
        : nil
    }
    pending = try communicator.broadcast(start?.pending.map(Int64.init) ?? [], from: 0)
      .map { Int($0) }
    changed = start?.changed ?? []

    // The smallest training set, for how far its steps can be shared out.
    let photos = (0..<pool.count).map { pool.indices.count - pool.indices(in: $0).count }.min() ?? 0
    let count =
      wantedTeams
      ?? TeamPlan.teams(
        forFolds: pending.count, ranks: world.topology.hosts.map(\.count),
        microBatches: experiment.microBatchesPerStep(ofPhotos: photos))
    teams = LeafIntervals.even(communicator.size, ranks: max(1, min(count, pending.count)))
    try communicator.agree {
      guard folder.exists else { throw CrossvalError.notShared(path: folder.path) }
    }
    self.world = world
    self.folder = folder
    self.sound = sound
    self.pool = pool.without(experiment.leftOut)
  }

  /// Trains what is pending, and puts the folds' results together. Collective.
  ///
  /// - Parameters:
  ///   - observers: of a fold's training, made on the first rank of its team.
  ///   - tell: a fold is done; on the same rank.
  package func run(
    observers: (_ fold: Int, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (FoldResult) -> Void, isAskedToStop: () -> Bool
  ) throws -> Outcome {
    let team = try Team(of: world, teams: teams, folds: pending)
    do {
      while let fold = try team.nextFold(isAskedToStop) {
        let holding = try team.communicator.agree {
          try sound.experiment.holdingOut(fold: fold, of: pool.count)
        }
        let run = try FoldRun(
          fold, holdingOut: pool.indices(in: fold), of: sound.with(holding),
          in: folder.run(ofFold: fold), over: team.communicator, world.situation
        ) { try observers(fold, $0) }
        let result = try run.run(serving: team.serve, isAskedToStop: isAskedToStop)
        world.situation.step = nil
        if let result, team.communicator.rank == 0 { tell(result) }
      }
    } catch let error as AgreedError {
      // The team agrees, but other teams don't know of it: they must be ended.
      throw TeamError(error)
    }
    return try conclude(team)
  }

  /// When all teams have ended: they may be hours apart.
  private func conclude(_ team: Team) throws -> Outcome {
    try team.finish()
    let communicator = world.communicator
    try world.situation.withoutDeadline { try communicator.barrier() }
    let results = try communicator.agree(isShared: true) {
      communicator.rank == 0
        ? try (0..<pool.count).compactMap { try FoldResult(of: folder.run(ofFold: $0)) } : []
    }
    let done = Int(try communicator.broadcast([Int64(results.count)], from: 0)[0])
    guard done == pool.count else { return .stopped(done: done) }
    return .finished(
      try communicator.agree(isShared: true) {
        communicator.rank == 0 ? try writeResult(results) : nil
      })
  }

  private func writeResult(_ results: [FoldResult]) throws -> CrossvalResult {
    let (text, predictions) = try OutOfFold.merge(
      pool, dataset: sound.experiment.dataset, of: folder)
    let result = CrossvalResult(results, outOfFold: predictions.scores)
    try FileWriting.makeFolder("\(folder.path)/predictions")
    try FileWriting.replace(folder.predictions, with: Array(text.utf8))
    try FileWriting.replace(
      folder.scores, with: Array(ScoresJSON.text(result).utf8) + [10])
    return result
  }
}

/// An error that a whole team met, and the other teams didn't.
package struct TeamError: Error, CustomStringConvertible {
  package let description: String
  package let exitCode: ExitCode

  init(_ error: AgreedError) {
    description = error.description
    exitCode = error.exitCode
  }
}
