import Glibc
import Synchronization

/// Ends this process when MPI would wait for ever, from a thread of its own that never calls MPI
/// and looks three times a second:
///
/// - when another rank of this host has ended. mpirun may take minutes (twice its
///   `odls_base_sigkill_timeout`) to end the rest; ranks that die on other hosts are left to it.
/// - when one wait for other ranks has lasted longer than the limit, or, in a wait that may last,
///   when another rank of this host has been stopped for longer. Time is counted by looks, so none
///   passes while this process is stopped itself, or the whole job is.
///
/// One line is printed by host, and names the ranks of the host that are missing.
final class Watchdog: Sendable {
  static let period = Duration.milliseconds(300)
  /// A host that misses none of its own ranks waits so much longer for the host that does.
  private static let grace = Duration.seconds(3)
  /// The exit code of ranks that end because of others: EX_UNAVAILABLE.
  static let exitCode: Int32 = 69

  private let peers: [Peer]
  private let status: RankStatus
  private let limit: Duration?
  private let wayOn: String
  private let board: HostBoard
  private let stopped = Mutex(false)

  /// Collective over the ranks of a host.
  ///
  /// - Parameters:
  ///   - limit: to each wait for other ranks; nil for none.
  ///   - wayOn: what can be done when a run has ended, in words.
  init(
    _ local: Communicator, _ status: RankStatus, limit: Duration?, wayOn: String
  ) throws(MPIError) {
    let all = try local.allGather([Int64(status.rank), Int64(getpid())])
    // A process that can't be seen now (another container) can't be watched.
    peers = all.enumerated().filter { $0.offset != local.rank }
      .map {
        Peer(
          rank: Int($0.element[0]), rankOnHost: $0.offset,
          process: HostProcess(pid: pid_t($0.element[1])))
      }
      .filter { $0.process.state != .ended }
    self.status = status
    self.limit = limit
    self.wayOn = wayOn
    board = try HostBoard(local)
    try local.barrier()
    startThread { self.run() }
  }

  /// Ends the watch, before ranks end in good order. Collective.
  func stop() throws(MPIError) {
    stopped.withLock { $0 = true }
    try board.free()
  }

  /// Prints the line unless the end of the run has been explained on this host.
  func report(_ line: String) {
    guard board.claim() else { return }
    let text = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, text, text.count)
  }

  private func run() {
    var seen: RankStatus.Wait?
    var waited = Duration.zero
    // For how long each peer has been seen stopped and nothing else.
    var held = peers.map { _ in Duration.zero }
    // What each had when it was seen last.
    var memory = peers.map { _ in 0 }
    while true {
      usleep(useconds_t(Self.period / .microseconds(1)))
      let wait = status.wait
      waited = wait == seen ? waited + Self.period : .zero
      seen = wait
      let sights = peers.map(\.process.seen)
      let states = sights.map(\.state)
      memory = zip(memory, sights).map { $1.memory ?? $0 }
      held = zip(held, states).map { $1 == .stopped ? $0 + Self.period : .zero }
      // Held until the end of the process, so that `stop` can't come between.
      let isOver = stopped.withLock { stopped in
        if !stopped { look(wait, waited, states, held: held, memory) }
        return stopped
      }
      if isOver { return }
    }
  }

  private func look(
    _ wait: RankStatus.Wait?, _ waited: Duration, _ states: [HostProcess.State], held: [Duration],
    _ memory: [Int]
  ) {
    board.show(wait == nil ? .computing : .waiting)
    if let dead = states.firstIndex(of: .ended) {
      end(because: peers[dead], whoseMemory: memory[dead])
    }
    guard let limit, let wait, waited > limit else { return }
    // Others may compute for as long as they need, but a stopped process doesn't; one that is
    // stopped for a moment, as by a job's suspension or a debugger, will.
    if wait.isPatient && !held.contains(where: { $0 > limit }) { return }
    let missing = missingPeers(states)
    if !missing.isEmpty || waited > limit + Self.grace { end(after: waited, wait, missing) }
  }

  private func end(because dead: Peer, whoseMemory memory: Int) -> Never {
    let doing = status.wait.map { "waited in \($0.call)" } ?? "was computing"
    let step = status.step.map { " at step \($0)" } ?? ""
    report(
      "tutti: rank \(dead.rank) (pid \(dead.process.pid) on host \(status.host)) has ended while rank "
        + "\(status.rank) \(doing)\(step)\(note(ofMemory: memory)); \(wayOn)")
    _exit(Self.exitCode)
  }

  /// `; it had 1873 MB of memory …`, where that may be why the system has ended a rank.
  private func note(ofMemory bytes: Int) -> String {
    guard bytes > 0, let limit = status.memoryLimit else { return "" }
    let had = "; it had \(bytes / 1_000_000) MB of memory, and may have \(limit.text)"
    // Other processes may have taken of what was free.
    return bytes < limit.bytes / 2
      ? had
      : had
        + "; if the kernel has ended it for want of memory (dmesg tells), lower training.micro-batch, set "
        + "training.recompute to blocks, or use fewer ranks on the host"
  }

  private func end(after waited: Duration, _ wait: RankStatus.Wait, _ missing: [String]) -> Never {
    let found =
      missing.isEmpty
      ? "all ranks of this host wait: who is missing is on a host that prints no such line"
      : missing.joined(separator: "; ")
    report(
      "tutti: \(status.description): has waited \(waited.components.seconds) s in \(wait.call); "
        + "\(found); \(wayOn), where --collective-timeout SECONDS lets ranks wait longer")
    _exit(Self.exitCode)
  }

  /// The ranks of this host that are stopped, or else those that don't wait, as sentences.
  private func missingPeers(_ states: [HostProcess.State]) -> [String] {
    let stopped = zip(peers, states).filter { $1 == .stopped }.map(\.0)
    if !stopped.isEmpty {
      return stopped.map { "\($0.name) is stopped, by SIGSTOP or a debugger" }
    }
    return peers.filter { board.activity(of: $0.rankOnHost) == .computing }
      .map { "\($0.name) computes or is held up by a disk" }
  }
}
