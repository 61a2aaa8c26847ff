import Files
import MPI

/// What the process ends with; numbers above 63 are those of sysexits.h.
package enum ExitCode: Int32, Sendable {
  case done = 0
  /// Something failed while running.
  case failed = 1
  /// The command line is wrong.
  case usage = 64
  /// A recipe, data or a checkpoint can't be used.
  case unusableInput = 65
  /// Another rank has ended or hangs or can't be reached, or the CPU lacks the instruction set.
  case unavailable = 69
  /// Stopped by a signal after a checkpoint: the same command with `--resume auto` goes on.
  case stopped = 75

  /// The code for an error.
  package init(for error: any Error) {
    switch error {
    case let error as AgreedError: self = error.exitCode
    case let error as TeamError: self = error.exitCode
    case let error as any UnusableInput where error.isOfInput: self = .unusableInput
    case is LoneRank: self = .unavailable
    default: self = .failed
    }
  }
}
