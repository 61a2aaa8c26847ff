import Files

/// One file of a pack, while it is written. Its header comes last, so that an unfinished one is none.
final class ShardWriter {
  private let file: OutputFile
  private let number: Int
  private var samples: [Sample] = []
  private var digests: [UInt8] = []
  /// So far, without the index.
  private(set) var bytes = PackHeader.length
  /// Of the index so far, without what is in it once.
  private var indexBytes = 0
  /// What ties it to the shard before.
  private let link: [UInt8]

  init(number: Int, link: [UInt8], in folder: String, expectedBytes: Int?) throws {
    self.number = number
    self.link = link
    file = try OutputFile(
      path: "\(folder)/\(Pack.name(ofShard: number))", expectedBytes: expectedBytes)
    try write([UInt8](repeating: 0, count: PackHeader.length))
  }

  /// Whether the photo should begin another shard.
  func isFull(for packed: [UInt8], limit: Int) -> Bool {
    !samples.isEmpty && (bytes + packed.count > limit || indexBytes > PackIndex.longest / 2)
  }

  /// - Parameter sample: with the length of what is packed of it.
  func append(_ packed: [UInt8], of sample: Sample) throws {
    try write(packed)
    samples.append(sample)
    digests += Digest.bytes(of: packed)
    bytes += packed.count
    // Numbers and what ends each field take less than a hundred.
    indexBytes +=
      PackIndex.digestBytes + sample.path.utf8.count + (sample.group?.utf8.count ?? 0) + 100
      + 9 * (sample.softLabel?.count ?? 0)
  }

  /// Writes what comes last; nothing can be appended any more. Gives the bytes of the whole file, and
  /// what ties the next to it.
  func finish(
    isLast: Bool, classes: [String], rest: PackIndex.Rest
  ) throws -> (bytes: Int, link: [UInt8]) {
    let index = try PackIndex(
      digests: digests, list: SampleList(classes: classes, samples: samples[...]), rest: rest
    ).bytes()
    try write(index.all)
    let header = PackHeader(
      number: number, isLast: isLast, photos: samples.count, indexPlace: bytes, index: index.all,
      listBytes: index.list, link: link)
    try file.overwriteStart(with: header.bytes)
    try file.sync()
    return (bytes + index.all.count, header.nextLink)
  }

  private func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try file.write($0) }
  }
}
