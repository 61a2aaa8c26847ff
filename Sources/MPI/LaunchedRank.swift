import Glibc

/// This process as its launcher's environment tells of it, for the time before MPI does.
enum LaunchedRank {
  /// Whether Open MPI's launcher, or another that speaks PMIx or PMI, started this process as a rank.
  static var isOne: Bool {
    ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"].contains { variable($0) != nil }
  }

  /// `rank 1 of 3 on host node7`.
  static var description: String {
    let rank = variable("OMPI_COMM_WORLD_RANK").map { "rank \($0)" } ?? "process \(getpid())"
    let size = variable("OMPI_COMM_WORLD_SIZE").map { " of \($0)" } ?? ""
    return "\(rank)\(size) on host \(hostName())"
  }

  /// The process that started the ranks of this host: mpirun, its daemon on another host, or
  /// Slurm's. Shells and wrappers in between have a rank's environment, too. nil for a process that
  /// none has started, and where the launcher can't be seen.
  static func launcher() -> HostProcess? {
    let names = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK"]
    guard let name = names.first(where: { variable($0) != nil }) else { return nil }
    var ancestor = HostProcess(pid: getppid())
    while ancestor.wasStarted(with: name), let next = ancestor.parent { ancestor = next }
    // The first process ends with all others; it is there also when the launcher has gone already.
    return ancestor.pid > 1 && ancestor.state != .ended ? ancestor : nil
  }

  /// Whether no other rank of this run on this host has taken the `name` before: it is one of the
  /// system's abstract sockets, which are free again when the process ends.
  static func isFirstOfHost(_ name: String) -> Bool {
    let name = "\(name) \(variable("PMIX_NAMESPACE") ?? "")"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // A zero comes first, so that the name is none of the file system's.
    let length = withUnsafeMutableBytes(of: &address.sun_path) { path in
      let bytes = name.utf8.prefix(path.count - 1)
      path[1...].copyBytes(from: bytes)
      return 1 + bytes.count
    }
    let file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    let code = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, socklen_t(MemoryLayout<sa_family_t>.size + length))
      }
    }
    return code == 0 || errno != EADDRINUSE
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
