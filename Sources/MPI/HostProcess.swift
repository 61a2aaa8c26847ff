import Glibc

/// A process of this host, as the system tells of it.
struct HostProcess {
  enum State: Equatable {
    case running
    /// Held by SIGSTOP, or by a debugger.
    case stopped
    /// Gone, or a zombie, which its parent has yet to bury.
    case ended
  }

  let pid: pid_t

  var state: State { seen.state }

  /// Its state, and the bytes of memory that it has; nil where nothing is told.
  var seen: (state: State, memory: Int?) {
    if kill(pid, 0) != 0, errno == ESRCH { return (.ended, nil) }
    guard let text = bytes(of: "stat") else { return (errno == ENOENT ? .ended : .running, nil) }
    if text.isEmpty { return (.ended, nil) }
    guard let fields = Self.fields(text) else { return (.running, nil) }
    // `rss`, the 24th of the file.
    let memory = fields.count > 21 ? Int(fields[21]).map { $0 * Int(getpagesize()) } : nil
    switch fields.first {
    case "Z", "X": return (.ended, nil)
    case "T", "t": return (.stopped, memory)
    default: return (.running, memory)
    }
  }

  /// nil at the first process, and where nothing is told.
  var parent: HostProcess? {
    guard let fields = bytes(of: "stat").flatMap(Self.fields), fields.count > 1,
      let pid = pid_t(fields[1]), pid > 0
    else { return nil }
    return HostProcess(pid: pid)
  }

  /// The program's name, of which the system keeps 15 bytes.
  var name: String? {
    bytes(of: "comm").map {
      String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }

  /// Whether it was started with a variable of this name in its environment, as far as it may be
  /// read.
  func wasStarted(with variable: String) -> Bool {
    let wanted = Array("\(variable)=".utf8)
    return (bytes(of: "environ") ?? []).split(separator: 0).contains { $0.starts(with: wanted) }
  }

  /// The state, the parent and the others that follow: `4711 (name) S …`, where the name may hold
  /// anything.
  private static func fields(_ stat: [UInt8]) -> [Substring]? {
    guard let bracket = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return String(decoding: stat[(bracket + 1)...], as: UTF8.self).split(separator: " ")
  }

  /// What a file of the process says; nil, with `errno`, where it can't be opened.
  private func bytes(of file: String) -> [UInt8]? {
    let descriptor = open("/proc/\(pid)/\(file)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count <= 0 { return text }
      text += piece[..<count]
    }
  }
}
