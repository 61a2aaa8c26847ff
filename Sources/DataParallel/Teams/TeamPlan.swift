/// How many teams of ranks work on as many folds side by side.
package enum TeamPlan {
  /// Of a step's speed, what is left when twice as many ranks share it.
  private static let keptWithTwice = 0.95
  /// What is left when a team's ranks are on several hosts.
  private static let keptOverHosts = 0.9

  /// The number of teams that is expected to be done first; of equals the larger, whose ranks
  /// exchange less.
  ///
  /// - Parameters:
  ///   - folds: those that are left to train.
  ///   - ranks: of each host, in rank order.
  ///   - microBatches: of a step: more ranks than that can't share one.
  package static func teams(forFolds folds: Int, ranks: [Int], microBatches: Int) -> Int {
    let total = ranks.reduce(0, +)
    var best = (teams: 1, time: Double.infinity)
    func time(_ teams: Int) -> Double {
      let parts = parts(of: total, teams: teams, microBatches: microBatches)
      return 1 / (parts.map { speed($0, ranks: ranks, microBatches: microBatches) }.min() ?? 1)
    }
    for teams in 1...max(1, min(folds, total)) {
      let rest = folds % teams
      // Teams that are free at the end join those that aren't.
      let seconds = Double(folds / teams) * time(teams) + (rest > 0 ? time(rest) : 0)
      if seconds <= best.time { best = (teams, seconds) }
    }
    return best.teams
  }

  /// The ranks of each team: neighbours, which share hosts. Where there are more ranks than
  /// micro-batches for them, the last ranks are in no team.
  package static func parts(of ranks: Int, teams: Int, microBatches: Int) -> [Range<Int>] {
    LeafIntervals.even(min(ranks, teams * microBatches), ranks: teams)
  }

  /// Steps of a team in the time in which one rank takes one.
  private static func speed(_ team: Range<Int>, ranks: [Int], microBatches: Int) -> Double {
    let rounds = (microBatches + team.count - 1) / team.count
    var speed = Double(microBatches) / Double(rounds)
    var doubled = 1
    while doubled < team.count {
      speed *= keptWithTwice
      doubled *= 2
    }
    var start = 0
    let hosts = ranks.filter { count in
      defer { start += count }
      return team.overlaps(start..<(start + count))
    }
    return hosts.count > 1 ? speed * keptOverHosts : speed
  }
}
