import DataParallel
package import Datasets
import Files
package import MPI
package import Recipes
package import Runs
import Training

extension TeamPlan {
  /// The ranks of each team.
  ///
  /// - Parameters:
  ///   - wanted: nil for the number of teams that is expected to be done first.
  ///   - plans: of each fold's steps.
  static func teams(
    _ wanted: Int?, forFolds folds: Int, plans: [StepPlan], over topology: Topology
  ) -> [Range<Int>] {
    // Of the shortest full step of any fold.
    let microBatches = plans.map(\.fullStepMicroBatches).min() ?? 0
    let ranks = topology.hosts.map(\.count)
    let count = wanted ?? teams(forFolds: folds, ranks: ranks, microBatches: microBatches)
    return parts(
      of: ranks.reduce(0, +), teams: max(1, min(count, folds)), microBatches: microBatches)
  }
}

/// What a cross-validation would take.
package struct CrossvalTrial: Sendable {
  package let folds: Int
  package let teams: Int
  /// Of a fold of the slowest team.
  package let fold: Trial

  /// Folds that a team trains one after the other.
  package var rounds: Int { (folds + teams - 1) / teams }
  package var seconds: Double { Double(rounds) * fold.seconds() }
}

extension CheckedExperiment {
  /// Tries a fold out on each team, side by side. Collective over the world; throws on all ranks if on one.
  ///
  /// - Parameter wantedTeams: nil for the number that is expected to be done first.
  func crossvalTrial(teams wantedTeams: Int?, world: World) throws -> CrossvalTrial {
    let communicator = world.communicator
    let (folds, teams) = try communicator.agree {
      let pool = try experiment.makePool()
      let plans = try experiment.trainingPhotos(ofFolds: pool.count).map(experiment.plan)
      return (
        pool.count,
        TeamPlan.teams(wantedTeams, forFolds: pool.count, plans: plans, over: world.topology)
      )
    }
    let team = teams.firstIndex { $0.contains(communicator.rank) }
    let own = try communicator.split(color: team ?? teams.count, key: communicator.rank)
    let trial = try communicator.agree { () -> Trial? in
      guard let team else { return nil }
      return try with(try experiment.holdingOut(fold: team % folds, of: folds))
        .trial(over: own, world.status)
    }
    let times = try communicator.allGather([trial?.seconds() ?? 0]).map { $0[0] }
    let slowest = times.indices.max { times[$0] < times[$1] } ?? 0
    let text = try communicator.broadcast(
      Array(try JSONText.encode([trial]).utf8), from: slowest)
    let all: [Trial] = try JSONText.decode(from: text)
    return CrossvalTrial(folds: folds, teams: teams.count, fold: all[0])
  }

  /// Takes as many of the recipe's epochs as all folds are expected to be done with in time. Collective over the
  /// world; throws on all ranks if on one.
  mutating func fitFolds(into seconds: Double, teams: Int?, world: World) throws {
    let trial = try crossvalTrial(teams: teams, world: world)
    let found = try world.communicator.agree {
      try fitted(into: seconds / Double(trial.rounds), trial.fold)
    }
    self = found.checked
    limitNote = "\(found.note); a fold's, of which \(trial.rounds) come one after the other"
  }
}

/// One `tutti crossval --dry-run`.
package struct CrossvalTrialRun {
  package let checked: CheckedExperiment
  package let pool: FoldedPool
  package let folder: CrossvalFolder
  package let trial: CrossvalTrial
  /// On rank 0, what the disk of the folder has left.
  package let freeDiskBytes: Int?

  /// Reads and checks all that the cross-validation would, and tries a fold out on each team. Collective; throws on
  /// all ranks if on one.
  package static func run(
    world: World, path: String?, name: String, resumes: Bool, teams: Int?,
    recipe makeRecipe: (SavedRecipe?) throws -> Recipe
  ) throws -> CrossvalTrialRun {
    let communicator = world.communicator
    let folder = CrossvalFolder(path: path ?? "runs/\(name)")
    let goesOn = communicator.isFirst && resumes && folder.exists
    let checked = try CheckedExperiment.read(
      world: world, saved: { goesOn ? try folder.savedRecipe() : nil },
      recipe: { try makeRecipe($0).with(["data.stage=none"]) })
    let free = try communicator.onFirst {
      if !goesOn, path != nil { try RunFolder(path: folder.path).checkIsFree() }
      return try DiskSpace.free(for: folder.path)
    }
    return CrossvalTrialRun(
      checked: checked, pool: try communicator.agree { try checked.experiment.makePool() },
      folder: folder, trial: try checked.crossvalTrial(teams: teams, world: world),
      freeDiskBytes: free)
  }
}
