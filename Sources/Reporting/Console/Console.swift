import Files
import Glibc

/// Lines of text, and on a terminal one line that is written over.
package final class Console {
  /// Whether a person watches.
  package let isTerminal: Bool
  private let write: (String) -> Void
  private var hasPassingLine = false

  /// Standard output. Under mpirun a rank's output goes to mpirun, so what counts is where mpirun's
  /// own output goes.
  package convenience init() {
    let isTerminal =
      getenv("OMPI_COMM_WORLD_SIZE") == nil
      ? isatty(STDOUT_FILENO) == 1 : Self.parentWritesToTerminal()
    self.init(isTerminal: isTerminal) { StandardStream.write($0, to: STDOUT_FILENO) }
  }

  /// A console whose text goes to `write`.
  package init(isTerminal: Bool, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
  }

  /// A line, made harmless: names of photos and classes are in it.
  package func line(_ text: String = "") { write(text, atMost: 4000) }

  /// A line between empty ones.
  package func heading(_ text: String) {
    line()
    line(text)
    line()
  }

  /// Lines that end with newlines already, such as a table's, whose cells are bounded.
  package func text(_ lines: String) {
    for line in lines.pieces(at: "\n", keepingEmpty: true).dropLast() { write(line, atMost: .max) }
  }

  private func write(_ line: String, atMost limit: Int) {
    write((hasPassingLine ? "\r\u{1B}[K" : "") + line.harmless(atMost: limit) + "\n")
    hasPassingLine = false
  }

  /// A line that the next one replaces; on a terminal only, which clips it at its width,
  /// since a line that wraps can't be written over.
  package func passingLine(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[K\u{1B}[?7l" + text.harmless() + "\u{1B}[?7h")
    hasPassingLine = true
  }

  private static func parentWritesToTerminal() -> Bool {
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink("/proc/\(getppid())/fd/1", &target, target.count)
    guard length > 0 else { return false }
    let path = String(
      decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.hasPrefix("/dev/pts/") || path.hasPrefix("/dev/tty")
  }
}
