import Glibc

/// Paths as text, and what is there.
package enum Paths {
  /// The path, seen from the folder unless it is absolute.
  package static func path(_ path: String, below folder: String) -> String {
    isAbsolute(path) || folder == "." ? path : "\(folder)/\(path)"
  }

  package static func isAbsolute(_ path: String) -> Bool { path.startsExactly(with: "/") }

  /// The last part of a path; nothing of `/`.
  package static func name(of path: String) -> String { path.pieces(at: "/").last ?? "" }

  /// What follows the name's last dot, in lower case; the whole name without one.
  package static func suffix(of name: String) -> String {
    name.pieces(at: ".").last?.lowercased() ?? ""
  }

  /// The folder that a file or folder lies in.
  package static func folder(of path: String) -> String {
    let above = path.pieces(at: "/").dropLast().joined(separator: "/")
    return isAbsolute(path) ? "/" + above : above.isEmpty ? "." : above
  }

  /// The path without slashes at its end.
  package static func withoutTrailingSlashes(_ path: String) -> String {
    var bytes = path.utf8[...]
    while bytes.count > 1 && bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(Substring(bytes))
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

  /// A file, not a folder or a device; what a link leads to counts.
  package static func isFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The absolute path without links; as it is when it doesn't exist.
  package static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Order by UTF-8 bytes, the same on every system, which Swift's `<` on strings is not: it
  /// compares normalised Unicode.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// The path as a shell reads it back: in single quotes where it has characters of meaning, and
  /// as `$'…'` with escapes where it has what a terminal would act on, and lines are shown without.
  package static func shellQuoted(_ path: String) -> String {
    path.unicodeScalars.contains(where: \.isShownAsEscape) ? escaped(path) : quoted(path)
  }

  /// A word as any shell reads it back, whatever it has: in single quotes where it has characters of meaning.
  ///
  /// - Parameter plain: characters besides those of paths that have none where the word stands.
  package static func quoted(_ word: String, plain: String = "") -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
        true
      default: plain.utf8.contains(byte)
      }
    }
    if isPlain && !word.isEmpty { return word }
    return "'" + word.pieces(at: "'", keepingEmpty: true).joined(separator: "'\\''") + "'"
  }

  /// In bash's `$'…'`, where three octal digits are a byte.
  private static func escaped(_ path: String) -> String {
    let scalars = path.unicodeScalars.map { scalar in
      switch scalar {
      case "'", "\\": "\\\(scalar)"
      case _ where scalar.isShownAsEscape:
        UTF8.encode(scalar).map { bytes in
          bytes.map { "\\\($0 >> 6)\($0 >> 3 & 7)\($0 & 7)" }.joined()
        } ?? ""
      default: String(scalar)
      }
    }
    return "$'" + scalars.joined() + "'"
  }
}
