import Files
import FoundationEssentials
import Images

/// Why a preview can't be written where it was to be.
package enum PreviewError: UnusableInput, Equatable, CustomStringConvertible {
  case notEmpty(String)
  /// A file of a kind that isn't written.
  case otherKind(String)

  /// Kinds of files that are surely not meant as names of folders.
  private static let documents: Set = ["csv", "htm", "json", "md", "pdf", "svg", "txt", "yaml"]

  /// Makes sure that samples can be written to a folder: that there is none yet, or an empty one.
  package static func checkFolder(_ path: String) throws(PreviewError) {
    if FileFormat.isImage(path) || documents.contains(Paths.suffix(of: path)) {
      throw .otherKind(path)
    }
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    if names?.isEmpty == false { throw .notEmpty(path) }
  }

  package var description: String {
    switch self {
    case .notEmpty(let path):
      "\(path) has files in it already; name another folder with --out, or empty this one"
    case .otherKind(let path):
      "\(path) is no name for a preview: --out takes a folder, or a file that ends in .png or .html"
    }
  }
}
