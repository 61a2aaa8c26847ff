/// How a training, or the folds of a cross-validation, may be spread over a cluster.
package struct Arrangement: Codable, Hashable, Sendable {
  package let hosts: Int
  package let ranksPerHost: Int
  /// Of each rank.
  package let threads: Int
  package let microBatch: Int
  /// Folds that are trained at a time; 1 without folds.
  package let teams: Int

  package var ranks: Int { hosts * ranksPerHost }

  package init(hosts: Int, ranksPerHost: Int, threads: Int, microBatch: Int, teams: Int = 1) {
    self.hosts = hosts
    self.ranksPerHost = ranksPerHost
    self.threads = threads
    self.microBatch = microBatch
    self.teams = teams
  }

  /// Those worth a look: powers of two of hosts and of ranks on each, besides all there are, with all cores of a host as threads;
  /// of folds at a time, the fewest that are done in as many rounds.
  ///
  /// - Parameters:
  ///   - folds: nil for one training.
  ///   - threads: of each rank, where the recipe says so.
  package static func all(
    on cluster: Cluster, microBatches: [Int], folds: Int?, threads: Int?
  ) -> [Arrangement] {
    powersOfTwo(upTo: cluster.hosts).flatMap { hosts in
      powersOfTwo(upTo: max(1, cluster.cores / (threads ?? 1))).flatMap { ranks in
        teams(forFolds: folds ?? 1, ranks: hosts * ranks).flatMap { teams in
          microBatches.map { microBatch in
            Arrangement(
              hosts: hosts, ranksPerHost: ranks, threads: threads ?? cluster.cores / ranks,
              microBatch: microBatch, teams: teams)
          }
        }
      }
    }
  }

  private static func powersOfTwo(upTo most: Int) -> [Int] {
    sequence(first: 1) { 2 * $0 }.prefix { $0 < most } + [most]
  }

  private static func teams(forFolds folds: Int, ranks: Int) -> [Int] {
    let rounds = Set((1...folds).map { (folds + $0 - 1) / $0 })
    return rounds.map { (folds + $0 - 1) / $0 }.filter { $0 <= ranks }.sorted()
  }
}
