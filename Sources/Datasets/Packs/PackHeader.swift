import Files

/// The first bytes of a shard, one of the files that make a pack. Numbers have their lowest byte first.
///
/// | bytes | |
/// |---|---|
/// | 0–7 | `TUTTIPCK` |
/// | 8–11 | the format's version, 1 |
/// | 12–15 | the shard's number, from 0 |
/// | 16–19 | 1 for the last shard, else 0 |
/// | 20–23 | 0 |
/// | 24–31 | how many photos it has |
/// | 32–39 | where its index begins, and photos end |
/// | 40–47 | bytes of the index; the file ends with it |
/// | 48–55 | bytes of the list in the index |
/// | 56–71 | the start of a SHA-256: of the header before, and in the first shard of form and list |
/// | 72–103 | SHA-256 of bytes 0–71 and the index |
///
/// From byte 128 on come the photos, one after the other. The index is the SHA-256 of each, the list of
/// them (`SampleList`), and `PackIndex.Rest` as JSON.
struct PackHeader: Equatable {
  static let magic = Array("TUTTIPCK".utf8)
  static let version = 1
  /// Where photos begin.
  static let length = 128
  /// What the SHA-256 is over, besides the index.
  private static let checked = 72
  private static let link = 56..<72

  let number: Int
  let isLast: Bool
  let photos: Int
  let indexPlace: Int
  let indexBytes: Int
  let listBytes: Int
  /// What ties it to the shard before.
  let link: [UInt8]
  /// The whole header as it is in the file.
  let bytes: [UInt8]

  /// The header of a shard with this index.
  init(
    number: Int, isLast: Bool, photos: Int, indexPlace: Int, index: [UInt8], listBytes: Int,
    link: [UInt8]
  ) {
    self.number = number
    self.isLast = isLast
    self.photos = photos
    self.indexPlace = indexPlace
    self.indexBytes = index.count
    self.listBytes = listBytes
    self.link = link
    var bytes = Self.magic
    for number in [Self.version, number, isLast ? 1 : 0, 0] {
      bytes.append(littleEndian: UInt32(number))
    }
    for number in [photos, indexPlace, index.count, listBytes] {
      bytes.append(littleEndian: UInt64(number))
    }
    bytes += link
    bytes += Self.digest(bytes, index)
    self.bytes = bytes + [UInt8](repeating: 0, count: Self.length - bytes.count)
  }

  /// Reads one, and makes sure that what it says can be of a file of so many bytes.
  ///
  /// - Parameters:
  ///   - bytes: the file's first, `length` of them.
  ///   - path: names the file in errors.
  init(_ bytes: [UInt8], of path: String, fileBytes: Int) throws(PackError) {
    precondition(bytes.count == Self.length)
    guard bytes.starts(with: Self.magic) else {
      // A file that is being written has zeros there.
      throw bytes.allSatisfy { $0 == 0 } ? .unfinished(path) : .notAShard(path)
    }
    let version = Int(bytes.uint32(at: 8))
    guard version == Self.version else { throw .version(path, version) }
    number = Int(bytes.uint32(at: 12))
    isLast = bytes.uint32(at: 16) == 1
    var numbers: [Int] = []
    for place in stride(from: 24, to: Self.link.lowerBound, by: 8) {
      guard let number = Int(exactly: bytes.uint64(at: place)) else { throw .changed(path) }
      numbers.append(number)
    }
    (photos, indexPlace, indexBytes, listBytes) = (numbers[0], numbers[1], numbers[2], numbers[3])
    link = Array(bytes[Self.link])
    self.bytes = bytes
    let (end, overflow) = indexPlace.addingReportingOverflow(indexBytes)
    guard !overflow, indexPlace >= Self.length else { throw .changed(path) }
    guard indexBytes <= PackIndex.longest else {
      throw .malformed(path, "an index of \(indexBytes) bytes")
    }
    guard fileBytes == end else { throw .length(path, found: fileBytes, expected: end) }
    guard photos > 0, photos <= indexBytes / PackIndex.digestBytes,
      listBytes <= indexBytes - photos * PackIndex.digestBytes
    else { throw .changed(path) }
  }

  /// The link of the shard that follows.
  var nextLink: [UInt8] { Self.link(to: bytes) }

  static func link(to bytes: [UInt8]) -> [UInt8] {
    Array(Digest.bytes(of: bytes).prefix(link.count))
  }

  /// Whether this is the index that it was written with, and the header unchanged.
  func fits(_ index: [UInt8]) -> Bool {
    let rest = Self.digest(bytes[..<Self.checked], index)
    return bytes[Self.checked...].starts(with: rest)
      && bytes[(Self.checked + rest.count)...].allSatisfy { $0 == 0 }
  }

  private static func digest(_ start: some Collection<UInt8>, _ index: [UInt8]) -> [UInt8] {
    let digest = Digest()
    Array(start).withUnsafeBytes { digest.update($0) }
    index.withUnsafeBytes { digest.update($0) }
    return digest.bytes
  }
}
