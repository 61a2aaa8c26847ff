import NeuralNetworks
import DataParallel
package import Datasets
import Files
package import MPI
import Recipes
import Runs
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
  /// That have no result yet.
  package let folds: Int
  package let teams: Int
  /// Of a fold of the slowest team, with the memory of the one that takes most.
  package let fold: Trial

  /// Folds that a team trains one after the other; what is left over is for all teams together.
  package var rounds: Double { Double(folds) / Double(teams) }
  package var seconds: Double { max(1, rounds) * fold.seconds }
}

extension CheckedExperiment {
  /// Reads the recipe and the data, and refuses what no cross-validation can have. Collective; throws on all ranks if
  /// on one.
  static func readForFolds(
    world: World, teams: Int?, saved: () throws -> SavedRecipe?,
    recipe makeRecipe: (SavedRecipe?) throws -> Recipe
  ) throws -> CheckedExperiment {
    let ranks = world.communicator.size
    if let teams, teams > ranks {
      throw AgreedError(CrossvalError.tooManyTeams(teams, ranks: ranks))
    }
    return try read(
      world: world, saved: saved,
      recipe: { saved in
        let recipe = try makeRecipe(saved)
        if let fold = recipe.crossval.fold {
          throw recipe.error(
            at: "crossval.fold", "crossval trains all folds; leave out crossval.fold \(fold)")
        }
        if recipe.loss.teacher != nil {
          throw recipe.error(
            at: "loss.teacher",
            "a teacher may have seen the photos that a fold holds out, whose predictions would be too good; "
              + "leave it out, or train on all photos with tutti train")
        }
        return recipe
      })
  }

  /// Calls `body` on each team's ranks with a fold of theirs, side by side. Collective over the world; throws on all ranks
  /// what a team agrees on.
  ///
  /// - Parameters:
  ///   - pending: how many folds there are to train.
  ///   - wantedTeams: nil for the number that is expected to be done first.
  /// - Returns: with nil on ranks of no team.
  private func onTeams<Found>(
    pending: Int, _ wantedTeams: Int?, world: World,
    _ body: (CheckedExperiment, Communicator) throws -> Found
  ) throws -> (teams: Int, own: Found?) {
    let communicator = world.communicator
    let (folds, teams) = try communicator.agree {
      let pool = try experiment.makePool()
      let plans = try experiment.trainingPhotos(ofFolds: pool.count).map(experiment.plan)
      return (
        pool.count,
        TeamPlan.teams(wantedTeams, forFolds: pending, plans: plans, over: world.topology)
      )
    }
    let team = teams.firstIndex { $0.contains(communicator.rank) }
    let own = try communicator.split(color: team ?? teams.count, key: communicator.rank)
    let found: Result<Found?, AgreedError>
    do {
      found = .success(
        try team.map {
          try body(with(try experiment.holdingOut(fold: $0 % folds, of: folds)), own)
        })
    } catch let error as AgreedError {
      found = .failure(error)
    }
    // Any other error is one rank's, whose team waits: it ends the run.
    return (teams.count, try communicator.agree { try found.get() })
  }

  /// Throws `AgreedError` on all ranks where a team's training would take more memory than it may. Collective over the
  /// world.
  func checkMemoryOfFolds(_ folds: Int, teams: Int?, world: World) throws {
    _ = try onTeams(pending: folds, teams, world: world) { checked, own in
      let (splits, list) = try checked.splits(over: own)
      _ = try checked.basis(
        splits, list, checked.experiment.trainingSettings(on: splits.train), over: own)
    }
  }

  /// Tries a fold out on each team. Collective over the world; throws on all ranks if on one.
  func crossvalTrial(pending: Int, teams: Int?, world: World) throws -> CrossvalTrial {
    let (count, trial) = try onTeams(pending: pending, teams, world: world) { checked, own in
      try checked.trial(over: own, world.status) {
        checked.experiment.model.initialWeights(
          seed: UInt64(checked.experiment.recipe.training.seed))
      }
    }
    let communicator = world.communicator
    let times = try communicator.allGather([trial?.seconds ?? 0]).map { $0[0] }
    let memory = try communicator.allGather(
      [trial?.peakMemoryBytes ?? 0, trial?.forecastBytes ?? 0].map(Int64.init))
    let slowest = times.indices.max { times[$0] < times[$1] } ?? 0
    let text = try communicator.broadcast(
      Array(try JSONText.encode([trial]).utf8), from: slowest)
    let all: [Trial] = try JSONText.decode(from: text)
    var fold = all[0]
    fold.peakMemoryBytes = Int(memory.map { $0[0] }.max() ?? 0)
    fold.forecastBytes = Int(memory.map { $0[1] }.max() ?? 0)
    return CrossvalTrial(folds: pending, teams: count, fold: fold)
  }

  /// Takes as many of the recipe's epochs as all folds are expected to be done with in time. Collective over the
  /// world; throws on all ranks if on one.
  mutating func fitFolds(into seconds: Double, teams: Int?, world: World) throws {
    let folds = try world.communicator.agree { try experiment.makePool().count }
    let trial = try crossvalTrial(pending: folds, teams: teams, world: world)
    let found = try world.communicator.agree {
      // As if teams that are free at the end waited.
      try fitted(into: seconds / trial.rounds.rounded(.up), trial.fold)
    }
    self = found.checked
    limitNote =
      "\(found.note); a fold's, of which \(Int(trial.rounds.rounded(.up))) come one after the other"
  }
}

/// One `tutti crossval --dry-run`.
package struct CrossvalTrialRun {
  package struct Member {
    /// Nil where it is the only one.
    package let name: String?
    package let checked: CheckedExperiment
    package let pool: FoldedPool
    /// Nil where all folds are done.
    package let trial: CrossvalTrial?
  }

  package let path: String
  package let members: [Member]
  /// On rank 0, what the disk of the folder has left.
  package let freeDiskBytes: Int?

  /// Reads and checks all that the cross-validation would, and tries a fold out on each team. Collective; throws on
  /// all ranks if on one.
  package static func run(_ request: CrossvalRequest, world: World) throws -> CrossvalTrialRun {
    let communicator = world.communicator
    let (parts, areSet) = try request.parts(over: communicator)
    let path = request.path ?? "runs/\(request.name)"
    let free = try communicator.onFirst {
      let isThere = CrossvalFolder.isAny(at: path)
      if request.path != nil, !(request.resumes && isThere) {
        try RunFolder(path: path).checkIsFree()
      }
      return try DiskSpace.free(for: path)
    }
    var unstaged = request
    unstaged.seconds = nil
    let members = try parts.map { part in
      try CrossvalMember.read(
        CrossvalRequest.Part(name: part.name) { try part.makeRecipe($0).withoutStaging },
        named: areSet ? part.name : nil,
        in: areSet ? CrossvalSet(path: path).member(part.name) : CrossvalFolder(path: path),
        unstaged, world: world)
    }
    try communicator.agree(isShared: true) {
      for member in members.dropFirst() { try member.check(against: members[0]) }
    }
    try communicator.onFirst { for member in members { _ = try CrossvalStart.changes(of: member) } }
    let tried = try members.map { member in
      let pending = try communicator.share {
        try (0..<member.pool.count).count { fold in
          try !member.goesOn || FoldResult(of: member.folder.run(ofFold: fold)) == nil
        }
      }
      return Member(
        name: member.name, checked: member.checked, pool: member.pool,
        trial: pending == 0
          ? nil
          : try member.checked.crossvalTrial(
            pending: pending, teams: request.teams, world: world))
    }
    return CrossvalTrialRun(path: path, members: tried, freeDiskBytes: free)
  }
}
