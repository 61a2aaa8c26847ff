package import Files
import Glibc

/// Lines of text, and on a terminal one line that is written over.
package final class Console {
  /// Whether a person watches.
  package let isTerminal: Bool
  private let hasColours: Bool
  private let isQuiet: Bool
  private let write: (String) -> Void
  private var hasPassingLine = false

  /// How often it is told in a file how a training goes.
  package static let interval = Duration.seconds(10)

  /// Standard output.
  ///
  /// - Parameter isQuiet: warnings and remarks alone are shown.
  package convenience init(isQuiet: Bool = false) {
    let isTerminal = TerminalText.isShown(STDOUT_FILENO)
    self.init(
      isTerminal: isTerminal, hasColours: isTerminal && TerminalText.showsColours, isQuiet: isQuiet
    ) {
      StandardStream.write($0, to: STDOUT_FILENO)
    }
  }

  /// A console whose text goes to `write`.
  package init(
    isTerminal: Bool, hasColours: Bool = false, isQuiet: Bool = false,
    write: @escaping (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.hasColours = hasColours
    self.isQuiet = isQuiet
    self.write = write
  }

  /// A line, made harmless: names of photos and classes are in it. One that begins with `warning` has that tone, and a
  /// quiet console tells lines of that tone alone.
  package func line(_ text: String = "", _ tone: TerminalText.Tone = .plain) {
    let tone = text.hasPrefix("warning ") ? .warning : tone
    if !isQuiet || tone == .warning { remark(text, tone) }
  }

  /// A line that a quiet console tells, too.
  package func remark(_ text: String, _ tone: TerminalText.Tone = .plain) {
    write(text, tone, atMost: 4000)
  }

  /// A line between empty ones.
  package func heading(_ text: String) {
    line()
    line(text, .heading)
    line()
  }

  /// Lines that end with newlines already, such as a table's, whose cells are bounded.
  package func text(_ lines: String) {
    if isQuiet { return }
    for line in lines.pieces(at: "\n", keepingEmpty: true).dropLast() {
      write(line, .plain, atMost: .max)
    }
  }

  private func write(_ line: String, _ tone: TerminalText.Tone, atMost limit: Int) {
    let text = line.harmless(atMost: limit)
    write(
      (hasPassingLine ? TerminalText.erasure : "")
        + (hasColours ? TerminalText.coloured(text, tone) : text) + "\n")
    hasPassingLine = false
  }

  /// A line that the next one replaces; on a terminal only.
  package func passingLine(_ text: String) {
    guard isTerminal, !isQuiet else { return }
    write(TerminalText.passing(text))
    hasPassingLine = true
  }
}
