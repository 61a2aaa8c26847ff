/// A text that equals another only when their UTF-8 bytes are the same, as names do for file systems
/// and for every other program.
///
/// Swift's `==`, `Set` and `Dictionary` take a `String` for another that Unicode calls equivalent:
/// "é" as one scalar (NFC) and as "e" with an accent (NFD), two names that may lie in one folder.
package struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (first: ExactText, second: ExactText) -> Bool {
    first.text.isExactly(second.text)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  package static func < (first: ExactText, second: ExactText) -> Bool {
    Paths.precedes(first.text, second.text)
  }

  package var description: String { text }
}

/// By bytes, not by `Character`: a slash, a quote or a dot with a combining accent behind it is one
/// `Character`, and `hasPrefix("/")` or `split(separator: "'")` then miss it.
extension StringProtocol {
  /// Whether both have the same UTF-8 bytes.
  package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether the UTF-8 bytes begin with those of the other.
  package func startsExactly(with other: some StringProtocol) -> Bool {
    utf8.starts(with: other.utf8)
  }

  /// Whether the UTF-8 bytes end with those of the other.
  package func endsExactly(with other: some StringProtocol) -> Bool {
    utf8.reversed().starts(with: other.utf8.reversed())
  }

  /// What is left without so many UTF-8 bytes at the end.
  package func withoutEnd(bytes count: Int) -> String {
    String(decoding: utf8.dropLast(count), as: UTF8.self)
  }

  /// The texts between the separators, which are ASCII; empty ones are left out unless asked for.
  package func pieces(at separator: Unicode.Scalar, keepingEmpty: Bool = false) -> [String] {
    utf8.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: !keepingEmpty)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
