import Files
import Glibc
import Images

/// What a full decode finds out about one photo: a function of the file's content.
package struct PhotoFinding: Codable, Equatable, Sendable {
  /// Of the upright image in pixels; 0 where it can't be decoded.
  package let height: Int
  package let width: Int
  /// Why it can't be used, without its path; nil when it can.
  package let problem: String?

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
  package func check(_ index: Int) -> PhotoFinding {
    do {
      let image = try image(index)
      return PhotoFinding(height: image.height, width: image.width, problem: nil)
    } catch {
      let prefix = "\(file(of: index) ?? samples[index].path): "
      let text = error.description
      return PhotoFinding(
        height: 0, width: 0,
        problem: text.startsExactly(with: prefix)
          ? String(Substring(text.utf8.dropFirst(prefix.utf8.count))) : text)
    }
  }

  /// The state of a photo's file; nil when it has none or it can't be read.
  package func fileVersion(of index: Int) -> FileVersion? {
    var status = stat()
    guard let path = file(of: index), stat(path, &status) == 0 else { return nil }
    return FileVersion(status)
  }
}
