import Glibc

/// The signals that a server hears: SIGHUP to load its model again; SIGTERM, SIGINT and SIGUSR1 to stop. They are held
/// back on all threads, and the one that waits takes them.
struct ServerSignals {
  enum Wish { case reload, stop }

  private var signals = sigset_t()

  /// To be made before there are other threads, which take over what is held back.
  init() {
    sigemptyset(&signals)
    for signal in [SIGHUP, SIGTERM, SIGINT, SIGUSR1] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits for the next one.
  func next() -> Wish {
    var signal: Int32 = 0
    return withUnsafePointer(to: signals) { sigwait($0, &signal) } == 0 && signal == SIGHUP
      ? .reload : .stop
  }
}
