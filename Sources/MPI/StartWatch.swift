import Glibc
import Synchronization

/// Ends this process when MPI's start lasts longer than the limit, from a thread of its own: a rank
/// that is stopped, or never gets there, would leave the others spinning in `MPI_Init` for ever.
///
/// Who is missing can't be known yet, for ranks know each other through MPI alone. One line is
/// printed by host.
final class StartWatch: Sendable {
  /// How long the rank that has printed the line holds the others back from it.
  private static let holding: UInt32 = 2

  private let limit: Duration
  private let isOver = Mutex(false)

  init(limit: Duration) {
    self.limit = limit
    startThread { self.run() }
  }

  /// Ends the watch: MPI has started, or has failed.
  func stop() { isOver.withLock { $0 = true } }

  private func run() {
    var waited = Duration.zero
    while true {
      usleep(useconds_t(Watchdog.period / .microseconds(1)))
      waited += Watchdog.period
      // Held until the end of the process, so that `stop` can't come between.
      let isOver = isOver.withLock { isOver in
        if !isOver, waited > limit { end() }
        return isOver
      }
      if isOver { return }
    }
  }

  private func end() -> Never {
    if LaunchedRank.isFirstOfHost("tutti-start \(getppid())") {
      let line =
        "tutti: \(LaunchedRank.description): MPI hasn't started after "
        + "\(limit.components.seconds) s: another rank is stopped, has not been started or can't be "
        + "reached. Look for it on each host, and for a firewall between them, and start the run "
        + "again; --collective-timeout SECONDS lets ranks wait longer\n"
      let text = Array(line.utf8)
      _ = write(STDERR_FILENO, text, text.count)
      sleep(Self.holding)
    }
    _exit(Watchdog.exitCode)
  }
}
