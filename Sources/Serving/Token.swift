import Files

/// What clients have to show. Kept as its SHA-256, so that comparing takes the same time whatever they show.
package struct Token: Sendable {
  private let digest: [UInt8]

  /// Bytes that can't be guessed.
  private static let shortest = 16

  /// Reads the only line of a file.
  ///
  /// - Throws: `TokenError`, `FileError`.
  package init(file path: String) throws {
    let text = String(decoding: try InputFile(path: path).bytes(atMost: 4096), as: UTF8.self)
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let word = words.first, word.utf8.count >= Self.shortest,
      word.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
    else { throw TokenError(path: path) }
    digest = Digest.bytes(of: Array(word.utf8))
  }

  /// Whether the field `Authorization` of a request shows it.
  func isShown(by field: String?) -> Bool {
    let scheme = "bearer "
    guard let field, field.lowercased().startsExactly(with: scheme) else { return false }
    let shown = Digest.bytes(of: Array(field.utf8.dropFirst(scheme.utf8.count)))
    var difference: UInt8 = 0
    for (own, other) in zip(digest, shown) { difference |= own ^ other }
    return difference == 0
  }
}

/// A file that holds no token.
package struct TokenError: UnusableInput, Equatable, CustomStringConvertible {
  let path: String

  package var description: String {
    "\(path) holds no token: one line of at least 16 characters without spaces, such as "
      + "`openssl rand -hex 32` prints"
  }
}
