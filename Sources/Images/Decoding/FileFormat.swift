/// What a file is by its first bytes, whatever its name says.
package enum FileFormat: Hashable, Sendable {
  case jpeg
  /// An image in another format, by its usual name.
  case image(String)
  case html
  /// Text, with its first words.
  case text(String)
  case empty
  /// None of these, with its first bytes in hexadecimal.
  case unknown(String)

  /// The first bytes that decide.
  package static let lookedAt = 512

  package init(of file: [UInt8]) {
    let bytes = file.prefix(Self.lookedAt)
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if bytes.isEmpty {
      self = .empty
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89]) && has("PNG", at: 1) {
      self = .image("PNG")
    } else if has("GIF8") {
      self = .image("GIF")
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .image("WebP")
    } else if has("II*\0") || has("MM\0*") {
      self = .image("TIFF")
    } else if has("ftypavi", at: 4) {
      self = .image("AVIF")
    } else if ["ftyphe", "ftypmif1", "ftypmsf1"].contains(where: { has($0, at: 4) }) {
      self = .image("HEIC")
    } else if has("BM") && bytes.contains(0) {
      self = .image("BMP")
    } else if let text = Self.text(bytes) {
      let start = text.prefix(15).lowercased()
      self =
        start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
        ? .html : .text(String(text.prefix(40)))
    } else {
      let digits = bytes.prefix(8).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      self = .unknown(digits.joined(separator: " "))
    }
  }

  /// The bytes as one line of text; nil when they hold control characters, as binary files do.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
    let spaces: [UInt8] = [0x09, 0x0A, 0x0D, 0x20]
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F || spaces.contains($0) }) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    // A byte that is no UTF-8 becomes U+FFFD; the last character may be cut.
    guard !text.dropLast().unicodeScalars.contains("\u{FFFD}") else { return nil }
    return text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Names of image formats by their files' extensions in lower case, JPEG aside.
  package static let extensions = [
    "avif": "AVIF", "bmp": "BMP", "gif": "GIF", "heic": "HEIC", "heif": "HEIC", "png": "PNG",
    "tif": "TIFF", "tiff": "TIFF", "webp": "WebP",
  ]
}
