import DataParallel
package import MPI
import Datasets
import Recipes
import Runs
import Timelines
package import Training

/// One `tutti crossval`: teams of ranks train the folds, each of which holds out its photos, and
/// every photo is predicted by the model that was not trained on it.
///
/// The weights of a fold and all predictions have the same bits for any number of ranks and teams. Its
/// nouns, in the order of events:
///
///     CrossvalRequest    what is asked for: one recipe, or several with seeds
///     CrossvalMember     one of them: a CheckedExperiment, the same on all ranks, and
///     FoldedPool         which fold holds out which photo
///     CrossvalStart      which folds are pending in the CrossvalFolder, as rank 0 finds it
///     TeamPlan, TeamDesk ranks that train a fold together; each team takes the next from the desk, or joins another
///     FoldRun            a TrainingRun without the fold's photos, then their predictions
///     FoldResult         the fold is done: its steps and scores, beside held-out.csv
///     OutOfFold          all folds' predictions, in the order of the dataset
///     CrossvalResult     the folds' scores with mean and deviation: scores.json
///     CrossvalSetResult  the members of several, the ensemble, and it without each
package struct CrossvalRun {
  package enum Outcome: Sendable {
    /// On rank 0; the others have nil.
    case finished(CrossvalResults?)
    /// Asked to stop; so many folds are done.
    case stopped(done: Int)
  }

  /// Of all members, or of the only one.
  package let path: String
  package let members: [CrossvalMember]
  /// The ranks of each team; those that are in none have nothing to do at first.
  package let teams: [Range<Int>]
  /// Nil for one that is alone.
  private let set: CrossvalSet?
  private let world: World
  /// On rank 0: as long as the cross-validation lives, its folders are this process's.
  private let locks: [RunLock]

  /// Reads the recipes and data, compares the ranks, and opens or makes the folder. Collective; throws
  /// on all ranks if on one.
  package static func prepare(_ request: CrossvalRequest, world: World) throws -> CrossvalRun {
    let communicator = world.communicator
    let (parts, areSet) = try request.parts(over: communicator)
    func folder(_ part: CrossvalRequest.Part, in path: String) -> CrossvalFolder {
      areSet ? CrossvalSet(path: path).member(part.name) : CrossvalFolder(path: path)
    }
    var members = try parts.map { part in
      try CrossvalMember.read(
        part, named: areSet ? part.name : nil, in: request.path.map { folder(part, in: $0) },
        request, world: world)
    }
    try communicator.agree(isShared: true) {
      for member in members.dropFirst() { try member.check(against: members[0]) }
    }
    // Before there is a folder, which would stay; on the teams that train all members.
    let likely = TeamPlan.teams(
      request.teams, forFolds: members.reduce(0) { $0 + $1.pool.count },
      plans: members.flatMap(\.plans), over: world.topology)
    for member in members where member.isNew {
      try member.checked.checkMemoryOfFolds(
        max(member.pool.count, likely.count), teams: likely.count, world: world)
    }
    let path = try communicator.share {
      try request.path ?? RunFolder.claimNext(named: request.name).path
    }
    for index in members.indices { members[index].folder = folder(parts[index], in: path) }
    let set = areSet ? CrossvalSet(path: path) : nil
    var locks: [RunLock] = []
    let starts = try communicator.share {
      do {
        if let set { locks.append(try set.take()) }
        let starts = try members.map { member in
          let found = try CrossvalStart.find(member)
          locks.append(found.lock)
          return found.start
        }
        try set?.write(names: parts.map(\.name))
        if starts.contains(where: { !$0.pending.isEmpty }) { set?.removeResults() }
        return starts
      } catch {
        if request.path == nil { RunFolder(path: path).giveBack() }
        throw error
      }
    }
    for (index, start) in starts.enumerated() {
      members[index].pending = start.pending
      members[index].epochsDone = start.epochsDone
      members[index].changed = start.changed
      members[index].notes = members[index].checked.notes
    }
    let teams = TeamPlan.teams(
      request.teams, forFolds: starts.reduce(0) { $0 + $1.pending.count },
      plans: members.flatMap(\.plans), over: world.topology)
    try communicator.agree {
      // Any rank may come to lead a team.
      guard teams.count > 1 else { return }
      for member in members where (try? member.folder.identity()) != member.identity {
        throw CrossvalError.notShared(path: member.folder.path)
      }
    }
    for (index, start) in starts.enumerated() where start.needsWeights {
      guard members[index].checked.experiment.recipe.model.weights != nil else { continue }
      members[index].notes += try members[index].checked.shareInitialWeights(over: communicator)
    }
    try CrossvalMember.measure(&members, teams: teams.count, world: world)
    return CrossvalRun(
      path: path, members: members, teams: teams, set: set, world: world, locks: locks)
  }

  /// How many folds there are, of all members.
  package var folds: Int { members.reduce(0) { $0 + $1.pool.count } }
  /// How many of them have no result yet.
  package var pending: Int { members.reduce(0) { $0 + $1.pending.count } }

  /// Trains what is pending, and puts the folds' results together. Collective.
  ///
  /// - Parameters:
  ///   - observers: of a fold's training, made on the first rank of its team.
  ///   - tell: what happens to a fold besides; on the same rank.
  ///   - complete: on rank 0, what is made of all results besides.
  package func run(
    observers: (CrossvalFold, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (CrossvalFold, FoldNews) -> Void,
    concluding complete: (CrossvalResults) throws -> Void = { _ in },
    isAskedToStop: () -> Bool
  ) throws -> Outcome {
    defer { withExtendedLifetime(locks) {} }
    let folds = members.flatMap { member in
      member.pending.map { CrossvalFold(member: member, fold: $0) }
    }
    // The longest first; of equals in their order.
    let jobs = folds.enumerated().map { $1.member.job($0, fold: $1.fold) }
      .sorted { (-$0.costLeft, $0.id) < (-$1.costLeft, $1.id) }
    try Activity.during("all folds", of: jobs.count, "folds") { activity in
      let desk = try TeamDesk(jobs, teams: teams, of: world) { _, _ in
        activity.advance()
        return []
      }
      try desk.work(isAskedToStop) { turn in
        try FoldRun.run(
          folds[turn.job], turn, desk, world.status, observers: observers, tell: tell,
          isAskedToStop: isAskedToStop)
      }
    }
    return try conclude(wasAskedToStop: isAskedToStop(), complete)
  }

  /// When all teams have ended: they may be hours apart.
  private func conclude(
    wasAskedToStop: Bool, _ complete: (CrossvalResults) throws -> Void
  ) throws -> Outcome {
    let communicator = world.communicator
    let stops = try world.status.withoutDeadline { try communicator.any(wasAskedToStop) }
    let results = try communicator.share {
      try members.map { member in
        try (0..<member.pool.count).map { try FoldResult(of: member.folder.run(ofFold: $0)) }
      }
    }
    let done = results.joined().count { $0 != nil }
    if done < folds && stops { return .stopped(done: done) }
    return .finished(
      try communicator.onFirst(working: { getsOn in
        let missing = zip(members, results).flatMap { member, results in
          results.indices.filter { results[$0] == nil }.map { member.folder.run(ofFold: $0).path }
        }
        guard missing.isEmpty else { throw CrossvalError.resultsMissing(missing) }
        let all = try CrossvalResults.write(
          zip(members, results).map { ($0, $1.compactMap(\.self)) }, in: set, getsOn)
        try getsOn()
        try complete(all)
        return all
      }))
  }
}
