import Glibc

/// Another rank of this host.
struct Peer {
  enum State: Equatable {
    case running
    /// Held by SIGSTOP, or by a debugger.
    case stopped
    /// Gone, or a zombie, which mpirun has yet to bury.
    case ended
  }

  /// In the world's order.
  let rank: Int
  /// Among the ranks of its host.
  let rankOnHost: Int
  let pid: pid_t

  var name: String { "rank \(rank) (pid \(pid))" }

  /// What the system says about the process.
  var state: State {
    if kill(pid, 0) != 0, errno == ESRCH { return .ended }
    let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return errno == ENOENT ? .ended : .running }
    defer { close(file) }
    // `4711 (name) S …`: the name may hold anything, the state follows the last bracket.
    var text = [UInt8](repeating: 0, count: 512)
    let length = read(file, &text, text.count)
    guard length > 0 else { return .ended }
    guard let bracket = text.lastIndex(of: UInt8(ascii: ")")), bracket + 2 < length else {
      return .running
    }
    switch text[bracket + 2] {
    case UInt8(ascii: "Z"), UInt8(ascii: "X"): return .ended
    case UInt8(ascii: "T"), UInt8(ascii: "t"): return .stopped
    default: return .running
    }
  }
}
