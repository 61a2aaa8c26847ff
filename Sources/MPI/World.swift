import COpenMPI
import CProcessor
import Glibc

/// Starts MPI and returns all the ranks of the run; without mpirun that is this process alone.
///
/// To be called once, by the thread that will make all MPI calls.
///
/// - Parameter collectiveTimeout: seconds that a rank may wait for others in one call, or for the
///   start of all, before it ends the run with a line; nil for ever. Time to compute isn't counted,
///   but what one rank does while all others wait is: to list the photos, or to write a checkpoint
///   to slow storage.
/// - Parameter canResume: whether the command goes on where it was with `--resume auto`.
package func initialize(
  collectiveTimeout: Int? = defaultCollectiveTimeout, canResume: Bool = false
) throws -> World {
  // Before MPI is started: some builds end the process themselves then, in other words.
  try LoneRank.check(size: nil)
  // A process that nobody launched does without the daemon that Open MPI 4 would start for it, in 0.2 s.
  if !LaunchedRank.isOne { setenv("OMPI_MCA_ess_singleton_isolated", "1", 0) }
  let limit = collectiveTimeout.map { Duration.seconds($0) }
  let wayOn =
    canResume
    ? "the run goes on with the same command and --resume auto" : "the same command starts again"
  let launcher = LauncherWatch(limit: limit, wayOn: wayOn)
  let watch = limit.map { StartWatch(limit: $0) }
  defer { watch?.stop() }
  let wanted = Int32(MPI_THREAD_FUNNELED)
  var provided: Int32 = 0
  try check(MPI_Init_thread(nil, nil, wanted, &provided), "MPI_Init_thread")
  guard provided >= wanted else {
    throw MPIError("MPI_Init_thread", "this MPI was built without support for threads")
  }
  let world = try World(limit, launcher, wayOn)
  try LoneRank.check(size: world.communicator.size)
  return world
}

/// Seconds: ten minutes, longer than any checkpoint should take, shorter than a night.
package let defaultCollectiveTimeout = 600

/// All ranks of the run, numbered by host first, so that neighbours in rank share memory.
package final class World {
  package let communicator: Communicator
  package let topology: Topology
  package let status: RankStatus
  private let watchdog: Watchdog
  private let launcher: LauncherWatch?

  fileprivate init(
    _ limit: Duration?, _ launcher: LauncherWatch?, _ wayOn: String
  ) throws(MPIError) {
    self.launcher = launcher
    let name = hostName()
    let launched = try Communicator(tutti_mpi_world(), RankStatus(rank: 0, host: name))
    let leader = try launched.nodeLocal().leader(launched.rank)
    let ordered = try launched.split(color: 0, key: leader * launched.size + launched.rank)
    status = RankStatus(rank: ordered.rank, host: name)
    communicator = try Communicator(ordered.handle, status)
    tutti_name_process(status.description)

    let local = try communicator.nodeLocal()
    let counts = try communicator.allGather([Int64(local.rank == 0 ? local.size : 0)])
    let hosts = Communicator.consecutive(counts.map { Int($0[0]) }.filter { $0 > 0 })
    topology = Topology(
      hosts: hosts, host: hosts.firstIndex { $0.contains(ordered.rank) } ?? 0,
      rankOnHost: local.rank)
    watchdog = try Watchdog(local, status, limit: limit, wayOn: wayOn)
  }

  /// Ends MPI, when all ranks have come here. A failure in between is seen as before. MPI would
  /// wait for a launcher that is gone.
  package func finalize() throws(MPIError) {
    try communicator.barrier()
    try watchdog.stop()
    if launcher?.isGone != true { try check(MPI_Finalize(), "MPI_Finalize") }
  }

  /// Ends all ranks with the exit code after one line that names this rank, its host, the step and
  /// the cause. Where several ranks of a host fail at once, the first one's line is printed.
  ///
  /// mpirun adds a banner of seven lines to it, which only its `--quiet` takes away.
  package func fail(_ cause: String, code: Int32) -> Never {
    watchdog.report("tutti: \(status.description): \(cause)")
    abort(code: code)
  }

  /// Ends all ranks with the exit code, at once and without a word.
  package func abort(code: Int32) -> Never {
    MPI_Abort(tutti_mpi_world(), code)
    _exit(code)
  }
}

extension Communicator {
  /// The first rank's `value`.
  fileprivate func leader(_ value: Int) throws(MPIError) -> Int {
    Int(try broadcast([Int64(value)], from: 0)[0])
  }
}

/// The MPI library's name and version, its first line.
package func libraryVersion() -> String {
  var text = [CChar](repeating: 0, count: Int(MPI_MAX_LIBRARY_VERSION_STRING))
  var length: Int32 = 0
  guard MPI_Get_library_version(&text, &length) == MPI_SUCCESS else { return "unknown" }
  let line = text.prefix(Int(length)).prefix { $0 != 10 && $0 != 0 }
  return String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
