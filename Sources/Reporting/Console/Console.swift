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
    self.init(isTerminal: isTerminal) { text in
      let bytes = Array(text.utf8)
      _ = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
  }

  /// A console whose text goes to `write`.
  package init(isTerminal: Bool, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
  }

  package func line(_ text: String = "") {
    write((hasPassingLine ? "\r\u{1B}[K" : "") + text + "\n")
    hasPassingLine = false
  }

  /// Lines that end with newlines already.
  package func text(_ lines: String) {
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      self.line(String(line))
    }
  }

  /// A line that the next one replaces; on a terminal only, which clips it at its width,
  /// since a line that wraps can't be written over.
  package func passingLine(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[K\u{1B}[?7l" + text + "\u{1B}[?7h")
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
