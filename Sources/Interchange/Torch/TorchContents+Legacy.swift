import Files

extension TorchContents {
  /// The bytes that the older format starts with: a pickle of its magic number.
  static let legacyStart: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// The format before PyTorch 1.6, pickles one after the other and then numbers:
  ///
  ///     magic number, protocol, {"little_endian": …}, the object, [key, …],
  ///     and for each key, in that order: count of numbers (Int64), numbers
  ///
  /// Throws `Problem`, `FileError`.
  init(legacy file: borrowing InputFile) throws {
    let head = min(file.size, Self.pickleLimit)
    var cursor = ByteCursor(try file.bytes(in: 0..<head))
    func unpickle(_ part: String) throws(Problem) -> PickledObject {
      try Self.unpickle(&cursor, part: part)
    }
    _ = try unpickle("its magic number")
    let version = try unpickle("its protocol").integer
    guard version == 1001 else {
      throw Problem.unsupported("a PyTorch file of a protocol other than 1001")
    }
    _ = try unpickle("its record of the system")
    part = "its object"
    object = try unpickle(part)
    guard let keys = try unpickle("its list of storages").texts else {
      throw Problem.part("its list of storages", "is no list of texts")
    }
    let ranges = try Self.storages(keys, of: object, in: file, from: cursor.position)
    storage = { ranges[$0].map { Storage(range: $0, checksum: nil) } }
  }

  /// Where each storage's numbers are; the first are behind the pickles.
  private static func storages(
    _ keys: [String], of object: PickledObject, in file: borrowing InputFile, from start: Int
  ) throws -> [String: Range<Int>] {
    var declared: [String: TorchStorage] = [:]
    for case .storage(let storage) in object.values {
      if let other = declared.updateValue(storage, forKey: storage.key), other != storage {
        throw Problem.part("storage " + storage.key, "has two types or lengths")
      }
    }
    var ranges: [String: Range<Int>] = [:]
    var place = start
    for key in keys {
      guard let storage = declared[key], ranges[key] == nil else {
        throw Problem.part("storage " + key, "is of no tensor, or there twice")
      }
      guard file.size - place >= 8 else {
        throw Problem.part("storage " + key, "is cut off by the end of the file")
      }
      var cursor = ByteCursor(try file.bytes(in: place..<(place + 8)))
      let count = cursor.integer(Int64.self).flatMap { Int(exactly: $0) } ?? -1
      place += 8
      guard count == storage.count, count >= 0, count <= (file.size - place) / storage.type.size
      else {
        throw Problem.part(
          "storage " + key,
          "has \(count) numbers, where \(storage.count) are wanted, and the file has "
            + "\(file.size - place) bytes left for them")
      }
      let end = place + count * storage.type.size
      ranges[key] = place..<end
      place = end
    }
    return ranges
  }
}
