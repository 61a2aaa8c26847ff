import Reporting
import Testing

@Suite struct ConsoleTests {
  let written = Written()

  @Test func `lines end with newlines, and text is cut into its lines`() {
    let console = written.console()
    console.line("a")
    console.line()
    console.text("b\n\nc\n")
    #expect(written.pieces == ["a\n", "\n", "b\n", "\n", "c\n"])
  }

  @Test func `what names say reaches no terminal raw`() {
    let console = written.console(isTerminal: true)
    console.line("a\u{1B}]0;b\u{7}\nc")
    #expect(written.take() == "a\\u{1B}]0;b\\u{7}\\nc\n")
    console.text("a\u{9B}2J\n\nb\n")
    #expect(written.take() == "a\\u{9B}2J\n\nb\n")
    console.passingLine("saved \u{1B}c")
    #expect(written.take() == "\r\u{1B}[K\u{1B}[?7lsaved \\u{1B}c\u{1B}[?7h")
    console.line(String(repeating: "a", count: 100_000))
    #expect(written.take().utf8.count < 4100)
  }

  @Test func `only a terminal sees what passes`() {
    let console = written.console()
    console.passingLine("epoch 1")
    console.line("a")
    #expect(written.take() == "a\n")
  }

  /// The line is emptied, and written while the terminal clips instead of wrapping.
  @Test func `the next line takes the place of the one that passes, once`() {
    let console = written.console(isTerminal: true)
    console.line("a")
    #expect(written.take() == "a\n")
    console.passingLine("1")
    console.passingLine("2")
    #expect(
      written.take() == "\r\u{1B}[K\u{1B}[?7l1\u{1B}[?7h\r\u{1B}[K\u{1B}[?7l2\u{1B}[?7h")
    console.line("b")
    console.line("c")
    #expect(written.take() == "\r\u{1B}[Kb\nc\n")
  }
}
