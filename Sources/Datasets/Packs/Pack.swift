import Files

/// Photos in a few large files, with all that is known of them: for file systems that are slow to open a
/// million small ones.
///
/// It is a folder of shards (`PackHeader.swift` has their layout) that `tutti data pack` writes whole or not at
/// all. Each photo is read by one call of the system, and compared with its SHA-256 every time.
package struct Pack: Sendable {
  /// The folder.
  package let path: String
  package let form: PackForm
  /// The column of the manifest that the groups are of; nil for `group`, or none.
  let groupBy: String?
  let shards: [PackShard]

  /// Of all its files.
  package var bytes: Int { shards.reduce(0) { $0 + $1.file.bytes } }

  /// A SHA-256 over all that is in it.
  package var digest: String { Digest.hex(of: shards.flatMap(\.file.header.bytes)) }

  static func name(ofShard number: Int) -> String { "shard-\(padded(number, to: 5)).pack" }

  /// The number of a shard by its file's name.
  private static func number(of name: String) -> Int? {
    guard name.startsExactly(with: "shard-"), name.endsExactly(with: ".pack"),
      let number = Int(name.dropFirst(6).dropLast(5)), number >= 0,
      name.isExactly(self.name(ofShard: number))
    else { return nil }
    return number
  }

  /// Whether a path leads to a shard, by its name.
  static func isShard(_ path: String) -> Bool {
    number(of: Paths.name(of: path)) != nil && Paths.isFile(path)
  }

  /// Whether a folder is a pack, by the names in it.
  package static func isOne(_ path: String) -> Bool {
    Paths.isFolder(path)
      && (try? FileWriting.names(in: path))?.contains { number(of: $0) != nil } == true
  }

  /// Opens the pack that a folder is; nil when none of its entries is named as a shard is.
  ///
  /// - Parameter groupBy: the column of groups that is wanted; nil: whichever it has.
  static func open(
    _ root: String, _ entries: [FileSystem.Entry], groupBy: String?,
    demanding demands: Dataset.Demands
  ) throws(PackError) -> Dataset? {
    let numbers = entries.filter { !$0.isFolder }.compactMap { number(of: $0.name) }.sorted()
    guard let last = numbers.last else { return nil }
    var read: [(PackFile, index: [UInt8])] = []
    for number in 0...last {
      let path = "\(root)/\(name(ofShard: number))"
      guard numbers[number] == number else {
        throw .missing(path, later: name(ofShard: numbers[number]))
      }
      let file = try PackFile(path)
      read.append((file, try file.index()))
    }
    let dataset = try dataset(root, read)
    guard case .pack(let pack) = dataset.source else { return dataset }
    if let groupBy, pack.groupBy?.isExactly(groupBy) != true {
      throw .groups(root, packed: pack.groupBy, wanted: groupBy)
    }
    let checks = PackChecks(path: root, classes: dataset.classes, samples: dataset.samples)
    try checks.checkConsistency(dataset.twins)
    if demands.contains(.training) { try checks.checkTraining() }
    return dataset
  }

  /// The pack with which another process's, of which `described` came, is the same.
  ///
  /// - Throws: also when the files here are others.
  ///
  /// - Parameter files: what its shards are opened as, in order; nil for the files in the folder.
  static func open(
    _ root: String, files: [String]? = nil, described: [UInt8]
  ) throws(PackError) -> Dataset {
    var rest = described[...]
    var read: [(PackFile, index: [UInt8])] = []
    while !rest.isEmpty {
      let shard = "\(root)/\(name(ofShard: read.count))"
      let file = try PackFile(shard, openedAs: files?[read.count] ?? shard)
      guard rest.starts(with: file.header.bytes) else { throw .otherCopy(file.path) }
      rest = rest.dropFirst(PackHeader.length)
      read.append((file, Array(rest.prefix(file.header.indexBytes))))
      rest = rest.dropFirst(file.header.indexBytes)
    }
    return try dataset(root, read)
  }

  /// Headers and indices, for other processes.
  package func description() throws(PackError) -> [UInt8] {
    var bytes: [UInt8] = []
    for shard in shards { bytes += shard.file.header.bytes + (try shard.file.index()) }
    return bytes
  }

  private static func dataset(
    _ root: String, _ read: [(PackFile, index: [UInt8])]
  ) throws(PackError) -> Dataset {
    var (samples, twins, shards) = ([Sample](), [Twins](), [PackShard]())
    var begun: (classes: [String], rest: PackIndex.Rest)?
    for (number, (file, bytes)) in read.enumerated() {
      let index = try PackIndex(bytes, file.header, of: file.path)
      let first = begun ?? (index.list.classes, index.rest)
      begun = first
      let before = number == 0 ? file.header.link : read[number - 1].0.header.nextLink
      guard file.header.number == number, file.header.link == before,
        index.list.classes.elementsEqual(first.classes, by: { $0.isExactly($1) }),
        index.rest.form == first.rest.form, index.rest.groupBy == first.rest.groupBy,
        !file.header.isLast || number == read.count - 1
      else { throw .foreign(file.path) }
      let shard = PackShard(file, index, first: samples.count)
      guard
        index.rest.twins.allSatisfy({
          shard.photos.contains($0.second) && (0..<$0.second).contains($0.first)
        })
      else { throw .malformed(file.path, "photos that are one file are none of its photos") }
      shards.append(shard)
      samples += index.list.samples
      twins += index.rest.twins
    }
    guard let begun, let last = shards.last, last.file.header.isLast else {
      throw .noEnd(root, shards: shards.count)
    }
    let pack = Pack(
      path: root, form: begun.rest.form, groupBy: begun.rest.groupBy, shards: shards)
    return Dataset(
      classes: begun.classes, samples: samples, source: .pack(pack), twins: twins)
  }

  /// The shard that has a photo.
  func shard(of photo: Int) -> PackShard {
    var (low, high) = (0, shards.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if shards[middle].first <= photo { low = middle } else { high = middle - 1 }
    }
    return shards[low]
  }
}
