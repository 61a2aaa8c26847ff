import Files
import Glibc

/// Lines on standard error, where names from files and photos are made harmless: the log's, and those
/// of errors and notes.
struct StandardError: TextOutputStream, Sendable {
  /// A line of the log, with its newline.
  mutating func write(_ string: String) {
    Self.write([string.last == "\n" ? string.dropLast() : string[...]])
  }

  /// Lines that belong together, written at once; on a terminal the first is coloured by the tone.
  static func write(_ lines: [some StringProtocol], _ tone: TerminalText.Tone = .plain) {
    let harmless = lines.map { $0.harmless() }
    let hasColours =
      tone != .plain && TerminalText.isShown(STDERR_FILENO) && TerminalText.showsColours
    let shown = harmless.enumerated().map { place, line in
      (place == 0 && hasColours ? TerminalText.coloured(line, tone) : line) + "\n"
    }
    StandardStream.write(shown.joined(), to: STDERR_FILENO)
  }
}

/// Says a line of `tutti`, or several of which the first is marked.
func say(_ lines: [String], _ tone: TerminalText.Tone = .plain) {
  guard let first = lines.first else { return }
  StandardError.write(["tutti: \(first)"] + lines.dropFirst(), tone)
}

func say(_ line: String) { say([line]) }
