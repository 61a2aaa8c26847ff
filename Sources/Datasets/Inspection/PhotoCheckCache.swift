import Files
import FoundationEssentials
import Images

/// Findings of earlier checks, in a file of this user: `$XDG_CACHE_HOME/tutti/photos-….json` or
/// `~/.cache/tutti/…`, named for the photos' paths
/// and the most pixels that they may have. A finding counts as long as the file's length
/// and times are the same; so what the cache says is what decoding would say. Whatever is wrong with
/// the cache, photos are just checked again.
package struct PhotoCheckCache {
  private struct Entry: Codable {
    let version: FileVersion
    let finding: PhotoFinding
  }

  /// Raised when a check comes to judge otherwise.
  private static let format = 4
  /// Bytes of an entry; most have about 300, with a signature 600.
  private static let longestEntry = 2000
  private let path: String?
  private let versions: [FileVersion?]
  /// The finding of each sample; nil where there is none.
  package let known: [PhotoFinding?]

  /// - Parameter signing: whether findings without a signature are none.
  package init(_ dataset: Dataset, signing: Bool = false) {
    let indices = dataset.samples.indices
    versions = indices.map { dataset.fileVersion(of: $0) }
    let names = indices.map { Self.absolute(dataset.hasPhotos ? dataset.name(of: $0) : "") }
    let key = Digest.hex(
      of: "\(Self.format)\0\(dataset.decoding.mostPixels)\0\(names.joined(separator: "\0"))".utf8)
    path = UserCache.folder.map { "\($0)/photos-\(key.prefix(16)).json" }
    let longest = Self.longestEntry * (indices.count + 1)
    let bytes = path.flatMap { try? InputFile(path: $0).bytes(atMost: longest) }
    let saved = bytes.flatMap { try? JSONText.decode([Entry?].self, from: $0) } ?? []
    let entries =
      saved.count == versions.count ? saved : [Entry?](repeating: nil, count: versions.count)
    known = zip(versions, entries).map { version, entry in
      guard let entry, let version, entry.version == version else { return nil }
      let finding = entry.finding
      return signing && finding.signature == nil && finding.problem == nil ? nil : finding
    }
  }

  package func save(_ findings: [PhotoFinding?]) {
    guard let path, let folder = UserCache.folder, findings != known else { return }
    let entries: [Entry?] = zip(versions, findings).map { version, finding in
      guard let version, let finding, !finding.isPassing else { return nil }
      return Entry(version: version, finding: finding)
    }
    try? FileWriting.makeFolder(folder)
    try? FileWriting.replace(path, withJSON: entries)
  }

  private static func absolute(_ path: String) -> String {
    Paths.path(path, below: FileManager.default.currentDirectoryPath)
  }
}
