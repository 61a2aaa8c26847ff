import Files
import Glibc
import Images

/// What a full decode finds out about one photo: a function of the file's content.
package struct PhotoFinding: Codable, Equatable, Sendable {
  /// By the first bytes; nil where there is no photo, and for images among others in one file.
  package let format: String?
  /// Of the upright image in pixels; 0 where it can't be decoded.
  package let height: Int
  package let width: Int
  /// What copies of it are known by; nil where nobody asked, or it can't be decoded.
  package let signature: PhotoSignature?
  /// Why it can't be used, without its path; nil when it can.
  package let problem: String?
  /// The problem is the host's or the moment's, and no function of the file's content.
  package let isPassing: Bool

  /// Why a usable photo may still not be meant: it is tiny, or a strip.
  package var oddity: String? {
    let (short, long) = (min(height, width), max(height, width))
    if problem != nil { return nil }
    if short < 32 { return "only \(width)×\(height) pixels" }
    return long >= 4 * short ? "a strip of \(width)×\(height) pixels" : nil
  }
}

extension Dataset {
  /// Reads and decodes a photo to its end. May be called on any number of threads at once.
  ///
  /// - Parameter signing: whether copies of it will be looked for.
  package func check(_ index: Int, signing: Bool = false) -> PhotoFinding {
    var format: FileFormat?
    do {
      let image: Image
      switch source {
      case .photos:
        let contents = try contents(of: index)
        format = FileFormat(of: contents)
        image = try Image(photo: contents, path: name(of: index), by: decoding)
      case .pack(let pack):
        let contents = try contents(of: index)
        if pack.form.hasFiles { format = FileFormat(of: contents) }
        image = try pack.form.image(of: contents, path: name(of: index), by: decoding)
      case .pixels:
        image = try self.image(index)
      }
      return PhotoFinding(
        format: format?.name, height: image.height, width: image.width,
        signature: signing ? PhotoSignature(image) : nil, problem: nil, isPassing: false)
    } catch {
      let prefix = "\(name(of: index)): "
      let text = error.description
      return PhotoFinding(
        format: format.flatMap { $0.isPhoto ? $0.name : nil }, height: 0, width: 0, signature: nil,
        problem: text.startsExactly(with: prefix)
          ? String(Substring(text.utf8.dropFirst(prefix.utf8.count))) : text,
        isPassing: error.isPassing)
    }
  }

  /// The state of a photo's file, or of the one that holds it; nil when it has none or it can't be read.
  package func fileVersion(of index: Int) -> FileVersion? {
    var status = stat()
    let path = pack?.shard(of: index).file.path ?? file(of: index)
    guard let path, stat(path, &status) == 0 else { return nil }
    return FileVersion(status)
  }
}
