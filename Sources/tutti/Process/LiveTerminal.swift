import Files
import Glibc
import Training

/// The terminal while one view after another is shown on it, each over the last; what was there before comes back in the
/// end. Keys are read as they are pressed, and not shown.
final class LiveTerminal {
  private var settings: termios?

  /// Whether somebody watches who can see a view be replaced.
  static var isThere: Bool {
    TerminalText.isShown(STDOUT_FILENO)
  }

  init() {
    var settings = termios()
    if isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 {
      self.settings = settings
      // Ctrl-C comes as a key, so that nothing ends before the terminal is as it was.
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
      tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }
    // Another screen, without cursor, whose long lines are clipped.
    write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
  }

  deinit {
    write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    if var settings { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
  }

  /// Characters of a line, and lines; 80 × 24 where the terminal doesn't tell.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Shows as many of the lines as there is room for, made harmless, and one at the bottom.
  func show(_ lines: [String], footer: String) {
    let room = max(1, size.rows - 2)
    let shown = lines.prefix(room) + [String](repeating: "", count: max(0, room - lines.count))
    let text = (shown + ["", footer]).map { $0.harmless() + "\u{1B}[K" }.joined(separator: "\n")
    write("\u{1B}[H" + text + "\u{1B}[J")
  }

  /// Where its keys are read; nil where nobody can press any.
  var keys: Int32? { settings == nil ? nil : STDIN_FILENO }

  /// Waits so many seconds.
  ///
  /// - Parameter input: where keys come from, if any do.
  /// - Returns: whether it was asked to end before they were over, by `q`, Ctrl-C, Ctrl-D or a signal.
  static func waits(seconds: Double, keysOf input: Int32?) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !StopSignals.isRaised {
      let left = ContinuousClock.now.duration(to: end)
      let milliseconds =
        Int32(left.components.seconds * 1000)
        + Int32(left.components.attoseconds / 1_000_000_000_000_000)
      if milliseconds <= 0 { return false }
      var request = pollfd(fd: input ?? -1, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, milliseconds) > 0, let input else { continue }
      var keys = [UInt8](repeating: 0, count: 64)
      let count = read(input, &keys, keys.count)
      // The terminal is gone.
      if count <= 0 { return true }
      let ends: Set<UInt8> = [UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4]
      if keys[..<count].contains(where: ends.contains) { return true }
    }
    return true
  }

  private func write(_ text: String) { StandardStream.write(text, to: STDOUT_FILENO) }
}
