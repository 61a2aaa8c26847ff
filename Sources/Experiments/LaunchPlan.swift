/// How many ranks and threads suit a machine.
package enum LaunchPlan {
  /// Ranks and the threads of each: of the powers of two that the micro-batches and cores allow, the
  /// one that leaves the fewest cores idle, and of equals the largest. With a power of two each rank
  /// sends one tree node a step where the micro-batches divide evenly.
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
}
