import Checkpoints
import DataParallel
package import Datasets
import FoundationEssentials
package import MPI
import Synchronization
import Tensors

/// A full decode of all photos of a dataset, spread over ranks and threads.
package struct PhotoChecks: Sendable {
  /// In the order of the dataset's samples.
  package let findings: [PhotoFinding]
  /// How many of them were known from before.
  package let cached: Int

  /// Samples that can't be used, ascending.
  package var corrupt: [Int] { findings.indices.filter { findings[$0].problem != nil } }

  /// Every rank gets all findings. What rank 0 finds in its cache isn't decoded again.
  /// Collective; throws on all ranks if on one.
  ///
  /// - Parameter threads: of this rank.
  package init(_ dataset: Dataset, over communicator: Communicator, threads: Int) throws {
    let list = Fingerprint([("the list of photos", Digest.hex(of: dataset.listBytes))])
    try communicator.agree { try list.compare(over: communicator) }
    let isFirst = communicator.rank == 0
    let cache = isFirst ? PhotoCheckCache(dataset) : nil
    var known = cache?.known ?? []
    let states = try communicator.broadcast(known.map { Int64($0 == nil ? 0 : 1) }, from: 0)
    let pending = states.indices.filter { states[$0] == 0 }
    let own = pending.enumerated().filter { $0.offset % communicator.size == communicator.rank }
      .map(\.element)

    let found = Mutex<[Int: PhotoFinding]>([:])
    ThreadPool(threads: threads).run(own.count) { chunk in
      let finding = dataset.check(own[chunk])
      found.withLock { $0[own[chunk]] = finding }
    }
    let encoded = try JSONEncoder().encode(found.withLock { found in own.map { found[$0] } })
    let parts = try communicator.gather(Array(encoded))
    for (rank, part) in (parts ?? []).enumerated() {
      let findings = try JSONDecoder().decode([PhotoFinding?].self, from: Data(part))
      let indices = pending.enumerated().filter { $0.offset % communicator.size == rank }.map(
        \.element)
      for (index, finding) in zip(indices, findings) { known[index] = finding }
    }
    cache?.save(known)
    let all = try communicator.broadcast(Array(JSONEncoder().encode(known)), from: 0)
    findings = try JSONDecoder().decode([PhotoFinding].self, from: Data(all))
    cached = states.count - pending.count
  }
}

/// Findings of earlier checks, in a file of this user: `$XDG_CACHE_HOME/tutti/photos-….json` or
/// `~/.cache/tutti/…`, named for the photos' paths. A finding counts as long as the file's length
/// and times are the same; so what the cache says is what decoding would say. Whatever is wrong with
/// the cache, photos are just checked again.
private struct PhotoCheckCache {
  private struct Entry: Codable {
    let version: FileVersion
    let finding: PhotoFinding
  }

  /// Raised when a check comes to judge otherwise.
  private static let format = 1
  private let path: String?
  private let versions: [FileVersion?]
  /// The finding of each sample; nil where there is none.
  let known: [PhotoFinding?]

  init(_ dataset: Dataset) {
    let indices = dataset.samples.indices
    versions = indices.map { dataset.fileVersion(of: $0) }
    let names = indices.map { Self.absolute(dataset.file(of: $0) ?? "") }
    let key = Digest.hex(of: Array("\(Self.format)\0\(names.joined(separator: "\0"))".utf8))
    path = UserCache.folder.map { "\($0)/photos-\(key.prefix(16)).json" }
    let bytes = path.flatMap { try? Data(contentsOf: URL(filePath: $0)) }
    let saved = bytes.flatMap { try? JSONDecoder().decode([Entry?].self, from: $0) } ?? []
    let entries =
      saved.count == versions.count ? saved : [Entry?](repeating: nil, count: versions.count)
    known = zip(versions, entries).map { version, entry in
      guard let entry, let version, entry.version == version else { return nil }
      return entry.finding
    }
  }

  func save(_ findings: [PhotoFinding?]) {
    guard let path, let folder = UserCache.folder, findings != known else { return }
    let entries: [Entry?] = zip(versions, findings).map { version, finding in
      guard let version, let finding else { return nil }
      return Entry(version: version, finding: finding)
    }
    guard let bytes = try? JSONEncoder().encode(entries) else { return }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? FileWriting.replace(path, with: Array(bytes))
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }
}
