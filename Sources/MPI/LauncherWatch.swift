import Glibc

/// Ends this rank when its launcher is gone, from a thread of its own that looks three times a
/// second: without it nobody could stop the ranks, which would keep the run's folder for as long as
/// they train.
///
/// The rank gets SIGTERM, so that a training saves a checkpoint. It has a while to end by itself,
/// for MPI may wait for the launcher for ever.
final class LauncherWatch: Sendable {
  /// How long a rank may live on, unless it waits for others no longer than that anyway.
  private static let longest = Duration.seconds(20)

  private let launcher: HostProcess
  private let name: String
  private let patience: Duration
  private let wayOn: String

  /// - Parameters:
  ///   - limit: to a wait for other ranks; nil for none.
  ///   - wayOn: what can be done then, in words.
  /// - Returns: nil for a process that no launcher has started, which may outlive its shell.
  init?(limit: Duration?, wayOn: String) {
    guard let launcher = LaunchedRank.launcher() else { return nil }
    self.launcher = launcher
    name = launcher.name ?? "the launcher"
    patience = min(limit ?? Self.longest, Self.longest)
    self.wayOn = wayOn
    // What a rank prints then finds no reader, which must not end it before the checkpoint.
    signal(SIGPIPE, SIG_IGN)
    startThread { self.run() }
  }

  var isGone: Bool { launcher.state == .ended }

  private func run() {
    while !isGone { usleep(useconds_t(Watchdog.period / .microseconds(1))) }
    if LaunchedRank.isFirstOfHost("tutti-launcher \(launcher.pid)") {
      // Seldom read: most launchers pass on what ranks print.
      let line =
        "tutti: \(LaunchedRank.description): \(name) (pid \(launcher.pid)) is gone, so its ranks "
        + "end; \(wayOn)\n"
      let text = Array(line.utf8)
      _ = write(STDERR_FILENO, text, text.count)
    }
    kill(getpid(), SIGTERM)
    usleep(useconds_t(patience / .microseconds(1)))
    _exit(Watchdog.exitCode)
  }
}
