/// Another rank of this host.
struct Peer {
  /// In the world's order.
  let rank: Int
  /// Among the ranks of its host.
  let rankOnHost: Int
  let process: HostProcess

  var name: String { "rank \(rank) (pid \(process.pid))" }
}
