import Files
import Glibc

/// Lines on standard error, where names from files and photos are made harmless: the log's, and those
/// of errors and notes.
struct StandardError: TextOutputStream, Sendable {
  /// A line of the log, with its newline.
  mutating func write(_ string: String) {
    Self.write([string.last == "\n" ? string.dropLast() : string[...]])
  }

  /// Lines that belong together, written at once.
  static func write(_ lines: [some StringProtocol]) {
    StandardStream.write(
      lines.map { $0.harmless() + "\n" }.joined(), to: STDERR_FILENO)
  }
}

/// Says a line of `tutti`, or several of which the first is marked.
func say(_ lines: [String]) {
  guard let first = lines.first else { return }
  StandardError.write(["tutti: \(first)"] + lines.dropFirst())
}

func say(_ line: String) { say([line]) }
