import COpenMPI
import CProcessor
import Glibc
import Synchronization

/// Looks three times a second whether the other ranks of this host are alive, from a thread of its
/// own, and ends this process when one isn't: MPI would wait for it for ever, and mpirun may take
/// minutes (twice its `odls_base_sigkill_timeout`) to end the rest.
///
/// One line is printed by host: a word in shared memory tells whether somebody has explained the
/// end already. Ranks that die on other hosts are left to mpirun.
final class PeerWatch: Sendable {
  private static let period: useconds_t = 300_000
  /// The exit code of ranks that end because another did: EX_UNAVAILABLE.
  private static let exitCode: Int32 = 69

  private struct Peer {
    let rank: Int
    let pid: pid_t
  }

  private let peers: [Peer]
  private let situation: Situation
  private let explained: Explained
  private let stopped = Mutex(false)

  /// Collective over the ranks of a host.
  init(_ local: Communicator, _ situation: Situation) throws(MPIError) {
    let all = try local.allGather([Int64(situation.rank), Int64(getpid())])
    // A process that can't be seen now (another container) can't be watched.
    peers = all.enumerated().filter { $0.offset != local.rank }
      .map { Peer(rank: Int($0.element[0]), pid: pid_t($0.element[1])) }
      .filter { Self.isAlive($0.pid) }
    self.situation = situation
    explained = try Explained(local)
    try local.barrier()
    if !peers.isEmpty { start() }
  }

  /// Ends the watch, before ranks end in good order. Collective.
  func stop() throws(MPIError) {
    stopped.withLock { $0 = true }
    try explained.free()
  }

  /// Prints the line unless the end of the run has been explained on this host.
  func report(_ line: String) {
    guard explained.claim() else { return }
    let text = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, text, text.count)
  }

  private func start() {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<PeerWatch>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    if code != 0 {
      tutti_end_process("no thread could be started: \(String(cString: strerror(code)))")
    }
    pthread_detach(thread)
  }

  private func run() {
    while true {
      usleep(Self.period)
      let dead = peers.first { !Self.isAlive($0.pid) }
      // Held until the end of the process, so that `stop` can't come between.
      stopped.withLock { stopped in
        if let dead, !stopped { end(because: dead) }
      }
      if stopped.withLock({ $0 }) { return }
    }
  }

  private func end(because dead: Peer) -> Never {
    let doing = situation.call.map { "waited in \($0)" } ?? "was computing"
    let step = situation.step.map { " at step \($0)" } ?? ""
    report(
      "tutti: rank \(dead.rank) (pid \(dead.pid) on host \(situation.host)) has ended while rank "
        + "\(situation.rank) \(doing)\(step); the run can be resumed with the same command and "
        + "--resume auto")
    _exit(Self.exitCode)
  }

  /// Whether the process runs; a zombie, which mpirun has yet to bury, doesn't.
  private static func isAlive(_ pid: pid_t) -> Bool {
    if kill(pid, 0) != 0, errno == ESRCH { return false }
    let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return errno != ENOENT }
    defer { close(file) }
    // `4711 (name) S …`: the name may hold anything, the state follows the last bracket.
    var text = [UInt8](repeating: 0, count: 512)
    let length = read(file, &text, text.count)
    guard length > 0 else { return false }
    guard let bracket = text.lastIndex(of: UInt8(ascii: ")")), bracket + 2 < length else {
      return true
    }
    return text[bracket + 2] != UInt8(ascii: "Z") && text[bracket + 2] != UInt8(ascii: "X")
  }
}

/// A word that the ranks of a host share: 1 when one of them has said why the run ends.
private final class Explained: @unchecked Sendable {
  private var window: MPI_Win?
  private var word: UnsafeMutablePointer<Int32>?

  init(_ local: Communicator) throws(MPIError) {
    let size = MemoryLayout<Int32>.stride
    var own: UnsafeMutableRawPointer?
    try check(
      MPI_Win_allocate_shared(
        local.rank == 0 ? size : 0, Int32(size), tutti_mpi_null_info(), local.handle, &own, &window),
      "MPI_Win_allocate_shared")
    var length = 0
    var unit: Int32 = 0
    var shared: UnsafeMutableRawPointer?
    try check(
      MPI_Win_shared_query(window, 0, &length, &unit, &shared), "MPI_Win_shared_query")
    guard let shared else { throw MPIError("MPI_Win_shared_query", "no memory came back") }
    word = shared.assumingMemoryBound(to: Int32.self)
    if local.rank == 0 { word?.pointee = 0 }
    try local.barrier()
  }

  /// Whether the caller is the first of its host.
  func claim() -> Bool { word.map { tutti_claim($0) != 0 } ?? true }

  func free() throws(MPIError) {
    word = nil
    try check(MPI_Win_free(&window), "MPI_Win_free")
  }
}
