import Glibc
import Synchronization

/// The signals that ask a run to stop after the step under way: SIGUSR1, SIGTERM, SIGINT.
///
/// A handler may do next to nothing, so it raises a flag; the flag travels with the step's exchange,
/// and all ranks stop after the same step.
package enum StopSignals {
  private static let flag = Atomic<Bool>(false)

  /// Installs the handlers, for the life of the process.
  package static func install() {
    for signal in [SIGUSR1, SIGTERM, SIGINT] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        StopSignals.flag.store(true, ordering: .relaxed)
      }
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, nil)
    }
  }

  /// Whether this process has been asked to stop.
  package static var isRaised: Bool { flag.load(ordering: .relaxed) }
}
