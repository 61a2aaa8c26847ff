import Files
import Testing

@Suite struct HarmlessTextTests {
  @Test(arguments: [
    ("anger", "anger"),
    ("Wut 怒り 😠 e\u{301}", "Wut 怒り 😠 e\u{301}"),
    ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"),
    ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
    // C1: what 8-bit terminals take for ESC [.
    ("a\u{9B}31m", "a\\u{9B}31m"),
    ("\u{7F}\u{0}", "\\u{7F}\\u{0}"),
    ("\u{202E}gpj.exe\u{2066}", "\\u{202E}gpj.exe\\u{2066}"),
    // A control with an accent is one Character with it.
    ("\n\u{301}", "\\n\u{301}"),
  ])
  func `controls are shown as escapes, all else as it is`(text: String, shown: String) {
    #expect(text.harmless().isExactly(shown))
    #expect(shown.harmless().isExactly(shown))
  }

  @Test func `the middle of what is too long is left out`() {
    let text = "begin " + String(repeating: "é", count: 10_000) + " end"
    let shown = text.harmless(atMost: 100)
    #expect(shown.utf8.count <= 103)
    #expect(shown.hasPrefix("begin éé") && shown.hasSuffix("éé end"))
    #expect(!shown.unicodeScalars.contains("\u{FFFD}"))
    #expect("a".harmless(atMost: 1) == "a")
  }

  private struct Two: SeveralLines {
    let lines = ["one\ntwo", "three"]
  }

  private struct One: Error, CustomStringConvertible {
    let description = "one\ntwo"
  }

  @Test func `an error has the lines that it has, whatever names are in them`() {
    #expect(harmlessLines(of: Two()) == ["one\\ntwo", "three"])
    #expect(harmlessLines(of: One()) == ["one\\ntwo"])
  }
}
