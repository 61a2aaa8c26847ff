import Glibc
import Synchronization

/// The signals that ask a run to stop after the step under way: SIGUSR1, SIGTERM, SIGINT.
///
/// A handler may do next to nothing, so it raises a flag; the flag travels with the step's exchange,
/// and all ranks stop after the same step.
package enum StopSignals {
  private static let all = [SIGUSR1, SIGTERM, SIGINT]
  private static let flag = Atomic<Bool>(false)

  /// Holds the signals back until `release`, so that one that comes before a command has said what it
  /// does about them is neither lost nor deadly. They stay held, and remembered, when the process
  /// starts itself anew. To be called before there are other threads.
  package static func hold() { mask(SIG_BLOCK) }

  /// Lets the signals through that were held, here or by who started the process: to the handlers, or
  /// without them to the process's end.
  package static func release() { mask(SIG_UNBLOCK) }

  private static func mask(_ how: Int32) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in all { sigaddset(&signals, signal) }
    pthread_sigmask(how, &signals, nil)
  }

  /// Installs the handlers, for the life of the process. Before `release`.
  package static func install() {
    for signal in all {
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
