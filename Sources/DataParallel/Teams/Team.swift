package import MPI

/// This rank's team: ranks that train one fold after the other, data-parallel, while other teams
/// train others.
package struct Team {
  package let communicator: Communicator
  private let status: RankStatus
  /// These ranks have no work.
  private let isIdle: Bool
  /// The leader's.
  private let queue: WorkQueue?

  /// Collective over the world.
  ///
  /// - Parameters:
  ///   - teams: the ranks of each.
  ///   - folds: what there is to do.
  package init(of world: World, teams: [Range<Int>], folds: [Int]) throws {
    let rank = world.communicator.rank
    let team = teams.firstIndex { $0.contains(rank) }
    communicator = try world.communicator.split(color: team ?? teams.count, key: rank)
    isIdle = team == nil
    let isLeader = communicator.isFirst && !isIdle
    let peers = try world.communicator.split(color: isLeader ? 0 : 1, key: rank)
    status = world.status
    queue = isLeader ? WorkQueue(folds, over: peers, status) : nil
  }

  /// The team's next fold; nil when there is none, or a rank of the team is asked to stop.
  package func nextFold(_ isAskedToStop: () -> Bool) throws -> Int? {
    if isIdle { return nil }
    let isStopping = try communicator.any(isAskedToStop())
    var fold: Int?
    if isStopping { try queue?.stop() } else { fold = try queue?.next() }
    // The leader may have waited for long.
    let answer = try status.withoutDeadline {
      try communicator.broadcast([Int64(fold ?? -1)], from: 0)[0]
    }
    return answer < 0 ? nil : Int(answer)
  }

  /// On rank 0, answers other teams that wait for a fold.
  package func serve() throws { try queue?.serve() }

  /// After the last fold: on rank 0, until the other teams know that there is none.
  package func finish() throws { try queue?.finish() }
}
