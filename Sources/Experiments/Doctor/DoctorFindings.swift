import CProcessor
package import DataParallel
import Files
import Glibc
import Kernels
package import MPI

/// What `tutti doctor` finds: the machines as the ranks see them, a test of MPI, and what is wrong.
package struct DoctorFindings: Sendable {
  /// A machine, by what its first rank finds.
  package struct Host: Codable, Sendable {
    package let name: String
    package fileprivate(set) var ranks = 1
    package let processor: String
    /// Physical cores.
    package let cores: Int
    /// Of these, the ones that the first rank may use.
    package let coresInMask: Int
    /// The CPU time that a control group lets the first rank's processes have, in cores; nil for all.
    package let quota: Double?
    /// Compute threads of the first rank.
    package let threads: Int
    /// Nil where the system doesn't tell.
    package let freeBytes: Int?
    /// Of the memory for what ranks of the host share; nil where the system doesn't tell.
    package let freeSharedBytes: Int?
    package let blas: String
    package let flushesDenormals: Bool
    package let mpi: String
    package let threadLevel: String
    /// Bytes a second between the host's first and last rank; nil for one alone.
    package fileprivate(set) var bandwidthInside: Double?
    /// Bytes a second between the first rank of the first host and this one's; nil for the first.
    package fileprivate(set) var bandwidthToFirst: Double?
  }

  package let hosts: [Host]
  /// Over all hosts.
  package let cores: Cores
  /// A sentence for each.
  package let problems: [String]

  /// Looks at every rank's machine and tests MPI. Collective.
  ///
  /// - Parameter launcher: the `mpirun` in `PATH`, as rank 0 found it.
  package static func look(world: World, launcher: MPILauncher?) throws -> DoctorFindings {
    let communicator = world.communicator
    let cores = try Cores(over: communicator, topology: world.topology, wanted: nil)
    let own = Host(
      name: hostName(), processor: String(cString: tutti_processor_description()),
      cores: Cores.onHost, coresInMask: Cores.inMask, quota: CPUQuota().cores,
      threads: cores.threads,
      freeBytes: SystemFile.availableMemory,
      freeSharedBytes: SharedMemory.freeBytes, blas: BLAS.description,
      flushesDenormals: flushesDenormals(), mpi: MPI.libraryVersion(),
      threadLevel: try MPI.threadLevel())
    let all = try communicator.allGather(Array(JSONText.encode(own).utf8)).map {
      try JSONText.decode(Host.self, from: $0)
    }
    let test = try MPISelfTest.run(over: communicator, world.topology)
    let hosts = world.topology.hosts.enumerated().map { number, ranks in
      var host = all[ranks.lowerBound]
      host.ranks = ranks.count
      host.bandwidthInside = ranks.count > 1 ? test.insideHost[number] : nil
      host.bandwidthToFirst = number > 0 ? test.betweenHosts[number] : nil
      return host
    }
    var problems = hosts.flatMap(\.problems)
    do {
      let binary = try Digest.hex(ofFile: "/proc/self/exe")
      try Fingerprint(Fingerprint.process(binary: binary)).compare(over: communicator)
    } catch let mismatch as FingerprintMismatch {
      problems.append(mismatch.description)
    }
    if 10 * cores.used < 9 * cores.available {
      problems.append(
        "\(cores.available - cores.used) of \(cores.available) cores would lie idle; add --bind-to "
          + "none to mpirun, or more ranks with -n")
    }
    problems += launchProblems(launcher, library: own.mpi, ranks: communicator.size)
    problems += try communicator.allGather(Array(test.problems.joined(separator: "\n").utf8))
      .flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init) }
    let found = problems
    return DoctorFindings(
      hosts: hosts, cores: cores, problems: try communicator.share { found })
  }

  private static func launchProblems(
    _ launcher: MPILauncher?, library: String, ranks: Int
  ) -> [String] {
    var problems: [String] = []
    if let launcher {
      if let problem = launcher.problem(forLibrary: library) { problems.append(problem) }
    } else {
      problems.append(
        "there is no mpirun in PATH; install openmpi-bin, or load your cluster's module for MPI")
    }
    // Started by something that knows of more ranks than MPI does, each rank is a run of its own.
    let variables = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]
    let tasks = variables.compactMap { getenv($0) }.compactMap { Int(String(cString: $0)) }.max()
    if let tasks, tasks > 1, ranks == 1 {
      problems.append(
        "there are \(tasks) tasks, but this rank finds itself alone; start them with the mpirun of "
          + library)
    }
    return problems
  }

  /// Divides the smallest normal number by one that the compiler doesn't know.
  private static func flushesDenormals() -> Bool {
    Float.leastNormalMagnitude / Float(max(2, getpid())) == 0
  }
}

extension DoctorFindings.Host {
  fileprivate var problems: [String] {
    var problems: [String] = []
    let wanted = BLAS.environment.first { $0.0 == "OPENBLAS_CORETYPE" }?.1 ?? ""
    if !blas.hasPrefix("\(wanted);") {
      problems.append(
        "\(name): the BLAS library runs the kernels \"\(blas)\", not those of \(wanted); start tutti "
          + "with OPENBLAS_CORETYPE=\(wanted), and with an OpenBLAS that has them")
    }
    if !flushesDenormals {
      problems.append(
        "\(name): denormal numbers are not flushed to zero, which makes some nets slow")
    }
    let (many, whole) = (ranks * threads, quota.map { Int(max(1, $0)) } ?? .max)
    let start = ranks > 1 ? "start fewer ranks" : "set fewer threads"
    if many > cores {
      problems.append("\(name): \(ranks) ranks have \(many) threads on \(cores) cores; \(start)")
    } else if let quota, many > whole {
      problems.append(
        "\(name): \(ranks) ranks have \(many) threads, but a control group's quota is the time of "
          + "\(quota) cores (cpu.max, or docker run --cpus); \(start), or raise it")
    }
    if let shortage = SharedMemory.shortage(
      ranks: ranks, freeBytes: freeSharedBytes, library: mpi)
    {
      problems.append("\(name): \(shortage)")
    }
    if let freeBytes, freeBytes / ranks < 1 << 30 {
      problems.append(
        "\(name): less than 1 GB of memory is free for each rank; start fewer ranks, or end other "
          + "programs")
    }
    return problems
  }
}
