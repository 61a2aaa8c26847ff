import Files

/// Why a photo can't be used. Each case names it by its path.
package enum PhotoError: UnusableInput, Equatable, CustomStringConvertible {
  /// The file can't be read, with the system's reason.
  case unreadable(path: String, reason: String)
  /// No JPEG, PNG or WebP.
  case notPhoto(path: String, format: FileFormat)
  /// Not the file that was listed: it has changed since, or this host has another copy.
  case otherSize(path: String, bytes: Int, listed: Int)
  /// A photo in a pack whose bytes aren't those that were packed.
  case changedInPack(path: String, shard: String)
  /// More pixels than may be.
  case tooLarge(path: String, ImageSize, most: Int)
  /// A file that is longer than a photo's may be; it wasn't read.
  case overlong(path: String, bytes: Int)
  /// A JPEG coded by arithmetic.
  case arithmetic(path: String)
  /// There is no memory for the pixels' bytes, or for what the format's library needs (nil).
  case noMemory(path: String, bytes: Int?)
  /// One of these about a photo in a pack.
  indirect case packed(PhotoError)
  /// A photo that is damaged or of a kind that the format's library doesn't read, mostly in its words.
  case undecodable(path: String, FileFormat, String)

  /// Want of memory comes from running.
  package var isOfInput: Bool {
    if case .noMemory = self { false } else { true }
  }

  /// Whether the same file may be usable elsewhere, or later.
  package var isPassing: Bool {
    switch self {
    case .unreadable, .otherSize, .changedInPack, .noMemory: true
    case .notPhoto, .tooLarge, .overlong, .arithmetic, .packed, .undecodable: false
    }
  }

  package var description: String {
    let (problem, remedy) = parts
    return remedy.isEmpty ? problem : "\(problem); \(remedy)"
  }

  /// The same of a photo in a pack, which can't be mended where it is.
  package var inPack: PhotoError {
    switch self {
    case .notPhoto, .tooLarge, .arithmetic, .undecodable: .packed(self)
    case .unreadable, .otherSize, .changedInPack, .overlong, .noMemory, .packed: self
    }
  }

  /// What is wrong, and what to do.
  private var parts: (problem: String, remedy: String) {
    switch self {
    case .unreadable(let path, let reason):
      ("\(path): can't be read: \(reason)", "")
    case .notPhoto(let path, .image(let name)):
      (
        "\(path): a \(name) image, no JPEG, PNG or WebP",
        "convert it: mogrify -format jpg \(Paths.shellQuoted(path))"
      )
    case .notPhoto(let path, let format):
      ("\(path): no JPEG, PNG or WebP but \(format.words)", "replace or remove it")
    case .otherSize(let path, let bytes, let listed):
      (
        "\(path): has \(bytes) bytes here, but had \(listed) when rank 0 listed the photos",
        "it has changed since, or the hosts have different copies: put the same on all"
      )
    case .changedInPack(let path, let shard):
      (
        "\(path): its bytes have changed since it was packed, by its SHA-256",
        "copy \(shard) again"
      )
    case .tooLarge(let path, let size, let most):
      (
        "\(path): \(size.width)×\(size.height) pixels are more than the \(most / 1_000_000) million of"
          + " data.largest-photo",
        "make it smaller: mogrify -resize 2048x2048 \(Paths.shellQuoted(path))"
      )
    case .overlong(let path, let bytes):
      (
        "\(path): \(bytes) bytes are more than a photo's \(Image.mostFileBytes) at most",
        "is it one? Replace or remove it"
      )
    case .arithmetic(let path):
      (
        "\(path): a JPEG with arithmetic coding, which few programs read",
        "convert it: jpegtran -outfile NEW.jpg \(Paths.shellQuoted(path))"
      )
    case .noMemory(let path, let bytes):
      (
        "\(path): out of memory\(bytes.map { ": \($0) bytes for its pixels could not be had" } ?? "")",
        "use fewer loader threads (data.loader-threads) or fewer ranks on this host"
      )
    case .undecodable(let path, let format, let message):
      ("\(path): a damaged or unsupported \(format.name) (\(message))", "replace or remove it")
    case .packed(let error):
      (error.parts.problem, "mend the photo and pack it again, or leave it out with --skip-corrupt")
    }
  }

  /// What converts an image and all of its extension in its folder, where they are photos of a class.
  package static func conversion(ofFolderWith path: String) -> String {
    let written = path.pieces(at: ".").last ?? "*"
    let files = Paths.shellQuoted(Paths.folder(of: path)) + "/*." + written
    return "convert all of its folder: mogrify -format jpg \(files) && rm \(files)"
  }
}
