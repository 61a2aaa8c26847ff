import Glibc

/// What terminals understand besides text.
package enum TerminalText {
  /// How a line is meant, which its colour tells too.
  package enum Tone: String, Sendable {
    case plain = ""
    case heading = "1"
    case good = "32"
    case warning = "33"
    case bad = "31"
  }

  /// Takes away what the line says.
  package static let erasure = "\r\u{1B}[K"

  /// A line in place of what was there; clipped where it would wrap.
  package static func passing(_ line: String) -> String {
    erasure + "\u{1B}[?7l" + line.harmless() + "\u{1B}[?7h"
  }

  /// A text that is harmless already, in its tone's colour.
  package static func coloured(_ text: String, _ tone: Tone) -> String {
    tone == .plain || text.isEmpty ? text : "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
  }

  private static func value(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }

  /// Whether terminals are to have colours: not with `NO_COLOR` (no-color.org).
  package static var showsColours: Bool { value("NO_COLOR").isEmpty }

  /// Whether a person sees what is written to `descriptor`, in a terminal that understands the above. Under mpirun a
  /// rank's output goes to mpirun, so what counts is where mpirun's own output goes, unless it goes to a file.
  package static func isShown(_ descriptor: Int32) -> Bool {
    if value("TERM") == "dumb" { return false }
    if getenv("OMPI_COMM_WORLD_SIZE") == nil { return isatty(descriptor) == 1 }
    var status = stat()
    if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT == S_IFREG { return false }
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink("/proc/\(getppid())/fd/\(descriptor)", &target, target.count)
    guard length > 0 else { return false }
    let path = String(
      decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.hasPrefix("/dev/pts/") || path.hasPrefix("/dev/tty")
  }
}
