/// Which ranks share a host. Ranks are numbered by host first, so a host's ranks are neighbours.
package struct Topology: Sendable {
  /// The ranks of each host, in rank order.
  package let hosts: [Range<Int>]
  /// The host of this rank, an index into `hosts`.
  package let host: Int
  /// This rank's number among its host's ranks.
  package let rankOnHost: Int

  package var ranksOnHost: Int { hosts[host].count }
}
