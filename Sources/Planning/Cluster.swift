/// Hosts that a training is planned for, one like the other.
package struct Cluster: Codable, Equatable, Sendable {
  package let hosts: Int
  /// Of each host.
  package let cores: Int
  /// Of each host; nil where it isn't known.
  package let memoryBytes: Int?
  /// What a host sends in a second, while it receives as much; nil where it is alone.
  package let networkBytesPerSecond: Double?

  /// Seconds until the first byte of a message is there, as over TCP.
  static let latency = 50e-6

  package init(hosts: Int, cores: Int, memoryBytes: Int?, networkBytesPerSecond: Double?) {
    self.hosts = hosts
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.networkBytesPerSecond = networkBytesPerSecond
  }
}
