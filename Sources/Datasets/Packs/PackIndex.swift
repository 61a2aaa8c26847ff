import Files

/// What a shard says of its photos.
struct PackIndex {
  /// What is the same in all shards of a pack, and twins of which the second is in this one.
  struct Rest: Codable {
    let form: PackForm
    /// The column of the manifest that the groups are of.
    let groupBy: String?
    let twins: [Twins]
  }

  static let digestBytes = 32
  /// Bytes of the longest that is read; a writer begins another shard before.
  static let longest = 1 << 28

  /// SHA-256 of each photo, one after the other.
  let digests: [UInt8]
  let list: SampleList
  let rest: Rest

  init(digests: [UInt8], list: SampleList, rest: Rest) {
    self.digests = digests
    self.list = list
    self.rest = rest
  }

  /// - Returns: the bytes, and how many of them are the list's.
  func bytes() throws -> (all: [UInt8], list: Int) {
    let list = list.bytes
    return (digests + list + Array(try JSONText.encode(rest).utf8), list.count)
  }

  /// Reads the index of a shard, and makes sure that it is consistent: whoever wrote the digest may have
  /// written nonsense.
  init(_ bytes: [UInt8], _ header: PackHeader, of path: String) throws(PackError) {
    guard header.fits(bytes) else { throw .changed(path) }
    let listStart = header.photos * Self.digestBytes
    let listEnd = listStart + header.listBytes
    digests = Array(bytes[..<listStart])
    do {
      list = try SampleList(Array(bytes[listStart..<listEnd]))
      rest = try JSONText.decode(from: Array(bytes[listEnd...]))
    } catch {
      throw .malformed(path, "its index can't be read")
    }
    guard list.samples.count == header.photos else {
      throw .malformed(path, "\(header.photos) photos, but \(list.samples.count) in its list")
    }
    guard zip(list.classes, list.classes.dropFirst()).allSatisfy({ ExactText($0) < ExactText($1) })
    else { throw .malformed(path, "its classes are not in order") }
    var end = PackHeader.length
    for sample in list.samples {
      let (next, overflow) = end.addingReportingOverflow(sample.bytes)
      guard rest.form.allows(sample.bytes) else {
        throw .malformed(path, "\(sample.path) has \(sample.bytes) bytes")
      }
      guard !overflow, next <= header.indexPlace else {
        throw .malformed(path, "its photos are longer than their place")
      }
      end = next
    }
    guard end == header.indexPlace else {
      throw .malformed(path, "its photos are shorter than their place")
    }
  }
}
