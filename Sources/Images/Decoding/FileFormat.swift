import Files

/// What a file is by its first bytes, whatever its name says.
package enum FileFormat: Hashable, Sendable {
  case jpeg
  case png
  case webp
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
      self = .png
    } else if has("GIF8") {
      self = .image("GIF")
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .webp
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

  /// Extensions of photos' files in lower case; some systems write the last two of JPEG's.
  package static let photoExtensions: Set = ["jpg", "jpeg", "jpe", "jfif", "png", "webp"]

  /// Names of image formats that aren't read, by their files' extensions in lower case.
  package static let foreignExtensions = [
    "avif": "AVIF", "bmp": "BMP", "gif": "GIF", "heic": "HEIC", "heif": "HEIC", "tif": "TIFF",
    "tiff": "TIFF",
  ]

  /// Whether a file is an image by its name, of whatever format.
  package static func isImage(_ name: String) -> Bool {
    let suffix = Paths.suffix(of: name)
    return photoExtensions.contains(suffix) || foreignExtensions[suffix] != nil
  }

  /// Whether photos in it can be read.
  package var isPhoto: Bool { [.jpeg, .png, .webp].contains(self) }

  /// The usual name.
  package var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .image(let name): name
    case .html, .text, .empty, .unknown: "file"
    }
  }

  /// What it is, for people.
  var words: String {
    switch self {
    case .jpeg, .png, .webp, .image: "a \(name) image"
    case .html: "a web page (a failed download?)"
    case .text(let start): "text (\"\(start)\")"
    case .empty: "an empty file"
    case .unknown(let bytes): "something unknown that starts with \(bytes)"
    }
  }
}
