/// How many ranks and threads suit a machine.
package enum LaunchPlan {
  /// Ranks and the threads of each: of the powers of two that the micro-batches and cores allow,
  /// the one that leaves the fewest cores idle, and of equals the largest. With a power of two each
  /// rank sends one tree node a step where the micro-batches divide evenly.
  ///
  /// - Parameter threads: of each rank, where the recipe says so.
  package static func fit(
    microBatches: Int, cores: Int, threads: Int?
  ) -> (ranks: Int, threads: Int) {
    let places = max(1, cores / (threads ?? 1))
    var best = 1
    var ranks = 1
    while ranks <= min(microBatches, places) {
      if ranks * (places / ranks) >= best * (places / best) { best = ranks }
      ranks *= 2
    }
    return (best, threads ?? max(1, cores / best))
  }

  /// The same for folds that teams train side by side: ranks of all teams together. Of the numbers
  /// of teams the one that is done first, of equals the largest, unless the number is given.
  package static func fit(
    folds: Int, teams wanted: Int?, microBatches: Int, cores: Int, threads: Int?
  ) -> (ranks: Int, threads: Int) {
    var best = (ranks: 1, threads: threads ?? 1, time: Double.infinity)
    for teams in wanted.map({ min($0, folds)...min($0, folds) }) ?? 1...max(1, min(folds, cores)) {
      let team = fit(microBatches: microBatches, cores: max(1, cores / teams), threads: threads)
      let (rounds, rest) = folds.quotientAndRemainder(dividingBy: teams)
      // Teams that are free at the end join those that aren't.
      let joined = rest > 0 ? min(teams * team.ranks / rest, microBatches) : 1
      let time =
        (Double(rounds) / Double(team.ranks) + (rest > 0 ? 1 / Double(joined) : 0))
        / Double(team.threads)
      if time <= best.time { best = (teams * team.ranks, team.threads, time) }
    }
    return (best.ranks, best.threads)
  }
}
