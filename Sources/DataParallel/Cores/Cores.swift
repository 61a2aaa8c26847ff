import CProcessor
import Files
import Glibc
package import MPI

/// The physical cores that a rank may use, and those of its host; a quota of CPU time counts as so
/// many cores.
package struct Cores: Sendable {
  /// Cores of all ranks' masks together, over all hosts, that have a compute thread; at most.
  package let used: Int
  /// Cores that the job may use, over all hosts.
  package let available: Int
  /// Compute threads of this rank.
  package let threads: Int

  /// Shares out each host's cores among its ranks: the cores of a rank's own mask, divided by the
  /// ranks of the host whose masks overlap it, and no more than its share of the quota. Collective.
  ///
  /// - Parameter wanted: the threads that the recipe asks for, nil for all there are.
  package init(over communicator: Communicator, topology: Topology, wanted: Int?) throws {
    let own = Self.cores(ofProcess: 0)
    let masks = try communicator.allGather(own)
    let host = topology.hosts[topology.host]
    let sharers = host.filter { !Set(masks[$0]).isDisjoint(with: own) }.count
    let quota = CPUQuota().threads ?? .max
    threads = wanted ?? max(1, min(own.count / max(1, sharers), quota / host.count))
    let counts = try communicator.allGather([Int64(threads)]).map { Int($0[0]) }
    let quotas = try communicator.allGather([Int64(quota)]).map { Int($0[0]) }
    // What the job was given: mpirun's daemon isn't bound to what it binds each rank to.
    let given = try communicator.allGather([Int64(Self.cores(ofProcess: getppid()).count)])
    var used = 0
    var available = 0
    for host in topology.hosts {
      let union = Set(host.flatMap { masks[$0] })
      let quota = quotas[host.lowerBound]
      used += min(union.count, quota, host.reduce(0) { $0 + counts[$1] })
      available += min(max(union.count, Int(given[host.lowerBound][0])), quota)
    }
    self.used = used
    self.available = available
  }

  /// Physical cores that this process may run on.
  package static var inMask: Int { cores(ofProcess: 0).count }

  /// Those of them that the quota lets it use at a time.
  package static var usable: Int { min(max(1, inMask), CPUQuota().threads ?? .max) }

  /// NUMA nodes of the cores that this process may run on; 1 where the system doesn't tell.
  package static var nodesInMask: Int {
    let nodes = cpus(ofProcess: 0).compactMap { cpu in
      (0..<1024).first { access("/sys/devices/system/cpu/cpu\(cpu)/node\($0)", F_OK) == 0 }
    }
    return max(1, Set(nodes).count)
  }

  /// Physical cores of this host.
  package static var onHost: Int {
    Set((0..<Int32(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))).map(core)).count
  }

  /// The physical cores that a process may run on, each by a number that is the host's own; hyper-
  /// threads of one core count once.
  private static func cores(ofProcess process: pid_t) -> [Int64] {
    Set(cpus(ofProcess: process).map(core)).sorted()
  }

  private static func cpus(ofProcess process: pid_t) -> [Int32] {
    var cpus = [Int32](repeating: 0, count: 1024)
    let count = tutti_allowed_cpus(process, &cpus, cpus.count)
    return Array(cpus.prefix(count))
  }

  private static func core(ofCPU cpu: Int32) -> Int64 {
    let topology = "/sys/devices/system/cpu/cpu\(cpu)/topology"
    guard let package = number(in: "\(topology)/physical_package_id"),
      let core = number(in: "\(topology)/core_id")
    else { return Int64(cpu) }
    return package << 32 | core
  }

  private static func number(in path: String) -> Int64? {
    SystemFile.text(path).flatMap { Int64($0.prefix { !$0.isWhitespace }) }
  }
}
