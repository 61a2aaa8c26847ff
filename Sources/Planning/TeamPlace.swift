/// Where a team of ranks is, that trains one model.
struct TeamPlace: Equatable {
  let ranks: Int
  let hosts: Int
  let threads: Int
  /// Of the team and of others.
  let ranksOnHost: Int
  /// For each rank, which shares them with its loader.
  let cores: Double

  /// Of the team alone.
  var ownOnHost: Int { (ranks + hosts - 1) / hosts }
  /// Of the host, besides a rank's own.
  var otherBusyCores: Int { (ranksOnHost - 1) * threads }

  /// - Parameter team: neighbouring ranks, of so many that have work.
  init(_ team: Range<Int>, of working: Int, _ arrangement: Arrangement, on cluster: Cluster) {
    let perHost = arrangement.ranksPerHost
    ranks = team.count
    hosts = (team.upperBound - 1) / perHost - team.lowerBound / perHost + 1
    threads = arrangement.threads
    ranksOnHost = min(perHost, working)
    cores = Double(cluster.cores) / Double(ranksOnHost)
  }
}
