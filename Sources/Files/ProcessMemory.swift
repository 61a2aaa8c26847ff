import CProcessor
import Glibc

/// What the process has of the machine's memory.
package enum ProcessMemory {
  /// From here on, the worst moment is sought anew, where the system can forget it.
  package static func forgetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// Bytes resident at the worst moment since the program was started, or since `forgetPeak`; 0 where
  /// the system doesn't tell.
  ///
  /// `VmHWM`, since `getrusage` also counts what the process was before `exec`.
  package static var peakBytes: Int { SystemFile.bytes("VmHWM", in: "/proc/self/status") ?? 0 }

  /// Bytes resident now.
  package static var residentBytes: Int { SystemFile.bytes("VmRSS", in: "/proc/self/status") ?? 0 }

  /// Addresses that `ulimit -v` lets the process have besides those it has; nil for no limit.
  package static var addressSpaceLeft: Int? {
    let limit = tutti_address_limit()
    guard limit > 0, let used = SystemFile.bytes("VmSize", in: "/proc/self/status") else {
      return nil
    }
    return max(0, limit - used)
  }

  /// Whether so many bytes could be had just now. An array that can't have its memory ends the process
  /// without a sentence, so large ones ask first.
  package static func canTake(_ bytes: Int) -> Bool {
    let memory = malloc(bytes)
    defer { free(memory) }
    return memory != nil
  }
}
