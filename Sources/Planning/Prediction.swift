import DataParallel

/// What a training, or a cross-validation, would take in an arrangement.
package struct Prediction: Codable, Equatable, Sendable {
  /// Why it can't be.
  package enum Obstacle: Codable, Hashable, Sendable {
    /// More ranks than a step has micro-batches for, in all teams.
    case ranks(work: Int)
    /// Of a host.
    case memory
    case disk
    /// Not even an epoch.
    case time
  }

  package let arrangement: Arrangement
  package let seconds: Double
  /// Of which ranks send.
  package let sendingSeconds: Double
  /// That there is time for.
  package let epochs: Int
  /// Of the rank that takes most, and of all of a host.
  package let rankMemoryBytes: Int
  package let hostMemoryBytes: Int
  package let diskBytes: Int
  /// The net's blocks that are run again in backward for want of memory.
  package let recomputed: Int
  package let obstacle: Obstacle?

  package var shareOfSending: Double { seconds > 0 ? sendingSeconds / seconds : 0 }

  /// What a rank's memory comes to in an arrangement.
  package struct Memory: Sendable {
    package let rankBytes: Int
    package let recomputed: Int
    /// What a rank may take; nil where it isn't known.
    package let limit: Int?

    package init(rankBytes: Int, recomputed: Int, limit: Int?) {
      self.rankBytes = rankBytes
      self.recomputed = recomputed
      self.limit = limit
    }
  }

  /// - Parameters:
  ///   - folds: nil for one training.
  ///   - work: of one training.
  ///   - within: seconds that all may take, of which a tenth is left, as `--time-limit` does.
  ///   - diskBytes: of the whole.
  ///   - freeDiskBytes: nil where it isn't known.
  package init(
    _ arrangement: Arrangement, on cluster: Cluster, folds: Int?, _ costs: TrainingCosts,
    _ work: TrainingWork, _ memory: Memory, within limit: Double?, diskBytes: Int,
    freeDiskBytes: Int?
  ) {
    self.arrangement = arrangement
    let leaves = work.fullStepMicroBatches
    let working = min(arrangement.ranks, arrangement.teams * leaves)
    func times(_ teams: Int) -> [TeamTimes] {
      TeamPlan.parts(of: working, teams: teams, microBatches: leaves).map {
        TeamTimes(
          costs, work, TeamPlace($0, of: working, arrangement, on: cluster), on: cluster,
          recomputed: memory.recomputed)
      }
    }
    let teams = times(arrangement.teams)
    let rest = (folds ?? 1) % arrangement.teams
    let joined = rest == 0 ? nil : times(rest).first
    func total(_ epochs: Int) -> (seconds: Double, sending: Double) {
      let all = Self.together(
        teams.map { $0.training(epochs: epochs) }, folds: folds ?? 1,
        rest: joined?.joining(teams[0], epochs: epochs))
      return (costs.start + all.seconds, all.sending)
    }
    var epochs = work.epochs
    if let limit {
      // The most that are done in time, by halves.
      var few = 0
      var many = epochs + 1
      while many - few > 1 {
        let middle = (few + many) / 2
        if total(middle).seconds <= 0.9 * limit { few = middle } else { many = middle }
      }
      epochs = few
    }
    (seconds, sendingSeconds) = total(max(1, epochs))
    self.epochs = epochs
    rankMemoryBytes = memory.rankBytes
    hostMemoryBytes = memory.rankBytes * min(arrangement.ranksPerHost, working)
    self.diskBytes = diskBytes
    recomputed = memory.recomputed
    obstacle =
      if working < arrangement.ranks {
        .ranks(work: leaves)
      } else if let limit = memory.limit, memory.rankBytes > limit {
        .memory
      } else if let freeDiskBytes, diskBytes > freeDiskBytes {
        .disk
      } else if epochs == 0 {
        .time
      } else {
        nil
      }
  }

  /// Of folds that teams take one after the other, as each becomes free: when the last is done.
  ///
  /// - Parameter rest: what a fold takes that free teams join; nil where there are as many for each team.
  static func together(
    _ teams: [(seconds: Double, sending: Double)], folds: Int,
    rest: (seconds: Double, sending: Double)? = nil
  ) -> (seconds: Double, sending: Double) {
    var ends = teams.map { _ in (seconds: 0.0, sending: 0.0) }
    for fold in 0..<folds {
      let next = ends.indices.min { ends[$0].seconds < ends[$1].seconds } ?? 0
      let isJoined = fold >= folds - folds % teams.count
      let own = isJoined ? rest ?? teams[next] : teams[next]
      ends[next].seconds += own.seconds
      ends[next].sending += own.sending
    }
    return ends.max { $0.seconds < $1.seconds } ?? (0, 0)
  }

  /// The fastest first; what has another micro-batch than the recipe, and so other results, only where that saves more
  /// than a twentieth of the time.
  ///
  /// - Parameter isOwn: whether the arrangement leaves the recipe as it is.
  package static func ranked(
    _ predictions: [Prediction], isOwn: (Arrangement) -> Bool
  ) -> [Prediction] {
    func cost(_ one: Prediction) -> (Int, Double) {
      (-one.epochs, one.seconds * (isOwn(one.arrangement) ? 1 : 1.05))
    }
    return predictions.filter { $0.obstacle == nil }.sorted { cost($0) < cost($1) }
  }
}
