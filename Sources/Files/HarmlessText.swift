/// Text that came from files and file names, as people may be shown it. What controls a terminal, or
/// turns the direction of writing, is written as an escape, `\u{1B}`, so that it stays on its line, and
/// says what is there; what is too long loses its middle. A text that has been through it stays as it is.
extension StringProtocol {
  /// - Parameter limit: Bytes that it may have.
  package func harmless(atMost limit: Int = 4000) -> String {
    let isPlain = utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    let shown = isPlain ? String(self) : unicodeScalars.map(\.shown).joined()
    return shown.utf8.count > limit ? shown.withoutMiddle(limit) : shown
  }
}

extension String {
  /// The first two thirds of so many bytes, and the last third: a sentence ends with what to do.
  fileprivate func withoutMiddle(_ limit: Int) -> String {
    func part(_ bytes: some Sequence<UInt8>) -> String {
      String(decoding: Array(bytes), as: UTF8.self)
    }
    let bytes = Array(utf8)
    // Not amid a scalar, whose further bytes are 10xxxxxx.
    var head = min(2 * limit / 3, bytes.count)
    while head > 0, bytes[head] & 0xC0 == 0x80 { head -= 1 }
    var tail = bytes.count - limit / 3
    while tail < bytes.count, bytes[tail] & 0xC0 == 0x80 { tail += 1 }
    return part(bytes[..<head]) + "…" + part(bytes[tail...])
  }
}

extension Unicode.Scalar {
  var isShownAsEscape: Bool { shown != String(self) }

  fileprivate var shown: String {
    switch value {
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x09: "\\t"
    // C0, DEL and C1; line and paragraph separators; marks that turn the direction of writing.
    case ..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E,
      0x2066...0x2069:
      "\\u{\(String(value, radix: 16, uppercase: true))}"
    default: String(self)
    }
  }
}

/// An error that is told on several lines, each of one problem.
package protocol SeveralLines: Error {
  var lines: [String] { get }
}

/// What is said of an error: lines that are harmless each, so that a line break in a name makes none.
package func harmlessLines(of error: any Error) -> [String] {
  ((error as? any SeveralLines)?.lines ?? ["\(error)"]).map { $0.harmless() }
}
