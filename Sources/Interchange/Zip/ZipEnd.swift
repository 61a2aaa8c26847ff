import Files

/// The last record of a zip file, which says where the directory is.
struct ZipEnd {
  typealias Problem = WeightsFileError.Problem

  /// Bytes of the directory in the file.
  let directory: Range<Int>
  /// Members in it.
  let count: Int

  init(of file: borrowing InputFile) throws {
    // Only a comment of at most 2^16 - 1 bytes may follow the 22 of the record.
    let tailStart = max(0, file.size - 22 - 65_535)
    let tail = try file.bytes(in: tailStart..<file.size)
    guard let place = Self.place(in: tail) else {
      throw Problem.archive("its directory is missing, as when a download was cut off")
    }
    var cursor = ByteCursor(Array(tail[(place + 10)...]))
    guard let count = cursor.integer(UInt16.self), let size = cursor.integer(UInt32.self),
      let start = cursor.integer(UInt32.self)
    else { throw Problem.archive("its last record is cut off") }
    let record = tailStart + place
    if count == .max || size == .max || start == .max {
      self = try Self(wideIn: file, before: record)
    } else {
      try self.init(count: Int(count), size: Int(size), start: Int(start), before: record)
    }
  }

  /// The zip64 record, which a locator right before the last record points at.
  private init(wideIn file: borrowing InputFile, before record: Int) throws {
    let damaged = Problem.archive("its zip64 record is damaged")
    guard record >= 20 else { throw damaged }
    var locator = ByteCursor(try file.bytes(in: (record - 20)..<record))
    guard locator.integer(UInt32.self) == 0x0706_4B50, locator.take(4) != nil,
      let place = locator.size(UInt64.self), place <= record - 20 - 56
    else { throw damaged }
    var cursor = ByteCursor(try file.bytes(in: place..<(place + 56)))
    guard cursor.integer(UInt32.self) == 0x0606_4B50, cursor.take(28) != nil,
      let count = cursor.size(UInt64.self), let size = cursor.size(UInt64.self),
      let start = cursor.size(UInt64.self)
    else { throw damaged }
    try self.init(count: count, size: size, start: start, before: place)
  }

  private init(count: Int, size: Int, start: Int, before record: Int) throws(Problem) {
    guard start <= record, size <= record - start, count <= size / 46 else {
      throw .archive("its directory of \(count) members, \(size) bytes at \(start), has no room")
    }
    guard size <= ZipDirectory.limit else {
      throw .archive("its directory of \(size) bytes is more than \(ZipDirectory.limit)")
    }
    directory = start..<(start + size)
    self.count = count
  }

  /// The last place of the record whose comment ends with the file.
  private static func place(in tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return (0...(tail.count - 22)).last { place in
      tail[place] == 0x50 && tail[place + 1] == 0x4B && tail[place + 2] == 5 && tail[place + 3] == 6
        && place + 22 + Int(tail[place + 20]) + Int(tail[place + 21]) << 8 == tail.count
    }
  }
}
