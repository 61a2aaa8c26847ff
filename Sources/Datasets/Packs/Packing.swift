import Files
package import Images
package import Tensors
import Timelines

/// How a data set becomes a pack.
package struct Packing {
  private let form: PackForm
  private let shardBytes: Int
  private let groupBy: String?
  private let skipsCorrupt: Bool

  /// - Parameters:
  ///   - form: what is kept of each photo.
  ///   - shardBytes: after which a new file is begun.
  ///   - groupBy: the column that the data set's groups are of; nil for `group`, or none.
  ///   - skipsCorrupt: decodes all photos and leaves out those that can't be, instead of ending there.
  package init(_ form: PackForm, shardBytes: Int, groupBy: String?, skipsCorrupt: Bool) {
    self.form = form
    self.shardBytes = shardBytes
    self.groupBy = groupBy
    self.skipsCorrupt = skipsCorrupt
  }

  /// What was written.
  package struct Result {
    package fileprivate(set) var photos = 0
    package fileprivate(set) var bytes = 0
    /// Of the photos' files before.
    package fileprivate(set) var photoBytes = 0
    package fileprivate(set) var shards = 0
    /// Photos that were left out, and why.
    package fileprivate(set) var leftOut: [PhotoError] = []
  }

  /// Writes a pack; the same photos give the same bytes.
  ///
  /// - Parameters:
  ///   - path: a folder that isn't there yet.
  ///   - getsOn: called again and again.
  /// - Throws: `PackError`, `PhotoError`, `FileError`, `FolderInUse`.
  package func write(
    _ dataset: Dataset, to path: String, _ pool: ThreadPool, _ getsOn: () throws -> Void
  ) throws -> Result {
    switch dataset.source {
    case .photos: break
    case .pack(let pack): throw PackError.isPack(pack.path)
    case .pixels: throw PackError.isIDX
    }
    try PackError.checkIsFree(path)
    var result = Result()
    let isWritten = try WholeFolder.write(path, ifHeld: { throw FolderInUse(path) }) { folder in
      result = try Activity.during("packing", of: dataset.samples.count, "photos") { activity in
        try write(dataset, into: folder, pool) { count in
          activity.advance(by: count)
          try getsOn()
        }
      }
    }
    guard isWritten else { throw PackError.exists(path) }
    return result
  }

  private func write(
    _ dataset: Dataset, into folder: String, _ pool: ThreadPool,
    _ getsOn: (_ photos: Int) throws -> Void
  ) throws -> Result {
    var link = PackHeader.link(to: Array(try JSONText.encode(form).utf8) + dataset.listBytes)
    // What photos become is known when it is done.
    let expected = form == .files ? dataset.samples.reduce(0) { $0 + $1.bytes } : nil
    var result = Result()
    /// By the place among the photos that are packed.
    var places: [Int: Int] = [:]
    var twinsOfShard: [Twins] = []
    let firsts = Dictionary(
      dataset.twins.map { ($0.second, $0.first) }, uniquingKeysWith: { first, _ in first })
    func begun() throws -> ShardWriter {
      result.shards += 1
      return try ShardWriter(
        number: result.shards - 1, link: link, in: folder, expectedBytes: expected)
    }
    var shard = try begun()
    func finish(isLast: Bool) throws {
      let rest = PackIndex.Rest(
        form: form, groupBy: groupBy ?? (dataset.hasGroups ? "group" : nil), twins: twinsOfShard)
      let finished = try shard.finish(isLast: isLast, classes: dataset.classes, rest: rest)
      result.bytes += finished.bytes
      link = finished.link
      twinsOfShard = []
    }
    // Enough to keep the threads busy, and few enough to be held in memory.
    let block = 2 * pool.threads
    for start in stride(from: 0, to: dataset.samples.count, by: block) {
      let packed = pool.map(min(block, dataset.samples.count - start)) { place in
        Swift.Result { () throws(PhotoError) in try self.packed(start + place, of: dataset) }
      }
      for (place, packed) in packed.enumerated() {
        let index = start + place
        let bytes: [UInt8]
        do {
          bytes = try packed.get()
        } catch {
          guard skipsCorrupt, leavesOut(error, dataset.name(of: index)) else { throw error }
          result.leftOut.append(error)
          continue
        }
        if shard.isFull(for: bytes, limit: shardBytes) {
          try finish(isLast: false)
          shard = try begun()
        }
        var sample = dataset.samples[index]
        sample.bytes = bytes.count
        try shard.append(bytes, of: sample)
        if let first = firsts[index], let first = places[first] {
          twinsOfShard.append(Twins(first: first, second: result.photos))
        }
        places[index] = result.photos
        result.photoBytes += dataset.samples[index].bytes
        result.photos += 1
      }
      try getsOn(packed.count)
    }
    guard result.photos > 0 else { throw PackError.nothing(dataset.root ?? folder) }
    try finish(isLast: true)
    return result
  }

  /// Whether a photo can't be used for good: not for want of memory, or of a file system's answer.
  private func leavesOut(_ error: PhotoError, _ path: String) -> Bool {
    if case .unreadable = error { return !Paths.exists(path) }
    return !error.isPassing
  }

  private func packed(_ index: Int, of dataset: Dataset) throws(PhotoError) -> [UInt8] {
    let path = dataset.name(of: index)
    let file = try dataset.contents(of: index)
    if skipsCorrupt, !form.decodes { _ = try Image(photo: file, path: path, by: dataset.decoding) }
    return try form.packed(file, path: path, by: dataset.decoding)
  }
}
