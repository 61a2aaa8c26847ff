import Files

/// Why a photo can't be used. Each case names it by its path.
package enum PhotoError: UnusableInput, Equatable, CustomStringConvertible {
  /// The file can't be read, with the system's reason.
  case unreadable(path: String, reason: String)
  case notJPEG(path: String, format: FileFormat)
  /// Not the file that was listed: it has changed since, or this host has another copy.
  case otherSize(path: String, bytes: Int, listed: Int)
  case tooLarge(path: String, width: Int, height: Int)
  /// A file that is longer than a photo's may be; it wasn't read.
  case overlong(path: String, bytes: Int)
  /// A JPEG coded by arithmetic.
  case arithmetic(path: String)
  /// There is no memory for the pixels' bytes, or for what libjpeg needs (nil).
  case noMemory(path: String, bytes: Int?)
  /// A JPEG that is damaged or of a kind libjpeg doesn't read, in libjpeg's words.
  case undecodable(path: String, String)

  /// Want of memory comes from running.
  package var isOfInput: Bool {
    if case .noMemory = self { false } else { true }
  }

  package var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): can't be read: \(reason)"
    case .notJPEG(let path, .image(let name)):
      "\(path): a \(name) image, not a JPEG; convert it: mogrify -format jpg \(Paths.shellQuoted(path))"
    case .notJPEG(let path, let format):
      "\(path): not a JPEG but \(Self.words(for: format)); replace or remove it"
    case .otherSize(let path, let bytes, let listed):
      "\(path): has \(bytes) bytes here, but had \(listed) when rank 0 listed the photos; it has changed"
        + " since, or the hosts have different copies: put the same on all"
    case .tooLarge(let path, let width, let height):
      "\(path): \(width)×\(height) pixels are more than \(Image.largestArea);"
        + " make it smaller: mogrify -resize 2048x2048 \(Paths.shellQuoted(path))"
    case .overlong(let path, let bytes):
      "\(path): \(bytes) bytes are more than a photo's \(Image.mostFileBytes) at most; is it one?"
        + " Replace or remove it"
    case .arithmetic(let path):
      "\(path): a JPEG with arithmetic coding, which few programs read; convert it:"
        + " jpegtran -outfile NEW.jpg \(Paths.shellQuoted(path))"
    case .noMemory(let path, let bytes):
      "\(path): out of memory\(bytes.map { ": \($0) bytes for its pixels could not be had" } ?? "");"
        + " use fewer loader threads (data.loader-threads) or fewer ranks on this host"
    case .undecodable(let path, let message):
      "\(path): a damaged or unsupported JPEG (\(message)); replace or remove it"
    }
  }

  private static func words(for format: FileFormat) -> String {
    switch format {
    case .jpeg: "a JPEG"
    case .image(let name): "a \(name) image"
    case .html: "a web page (a failed download?)"
    case .text(let start): "text (\"\(start)\")"
    case .empty: "an empty file"
    case .unknown(let bytes): "something unknown that starts with \(bytes)"
    }
  }
}
