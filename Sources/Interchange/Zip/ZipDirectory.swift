import Files

/// Where the members of a zip file lie. Only what PyTorch writes can be read: members that are stored
/// as they are. Nothing is ever unpacked, so a member is never larger than the file.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14
/// (zip64) and 4.3.16 (end of directory).
struct ZipDirectory {
  typealias Problem = WeightsFileError.Problem

  /// Bytes that a directory may have, enough for some 100,000 members.
  static let limit = 1 << 24

  /// In the directory's order.
  private(set) var names: [String] = []
  private var members: [String: Member] = [:]
  private var hasChecksums = false

  private struct Member {
    let header: Int
    let size: Int
    let checksum: UInt32
    /// Why its bytes can't be taken as they are.
    let obstacle: String?
    var data = 0..<0
  }

  /// Throws `Problem` when members overlap, leave the file, or are there twice.
  init(of file: borrowing InputFile) throws {
    let end = try ZipEnd(of: file)
    var cursor = ByteCursor(try file.bytes(in: end.directory))
    for _ in 0..<end.count { try readMember(&cursor) }
    hasChecksums = members.values.contains { $0.checksum != 0 }
    try locate(in: file, before: end.directory.lowerBound)
  }

  /// The member's bytes in the file. Nothing when there is no such member; throws `Problem` when it
  /// is packed or encrypted.
  func range(of name: String) throws(Problem) -> Range<Int>? {
    guard let member = members[name] else { return nil }
    if let obstacle = member.obstacle { throw .part(name, obstacle) }
    return member.data
  }

  /// What the directory says that the member's checksum is. Nothing in a file without any: PyTorch can
  /// be told to write zeros (`torch.serialization.set_crc32_options(False)`).
  func checksum(of name: String) -> UInt32? { hasChecksums ? members[name]?.checksum : nil }

  /// Compares the member's bytes with its checksum. Throws `Problem` where they differ.
  func check(_ name: String, in file: borrowing InputFile) throws {
    guard let range = try range(of: name), let wanted = checksum(of: name) else { return }
    let found = try CRC32.of(range, in: file)
    if found != wanted { throw Problem.damaged(part: name, checksum: found, wanted: wanted) }
  }

  private mutating func readMember(_ cursor: inout ByteCursor) throws(Problem) {
    guard cursor.integer(UInt32.self) == 0x0201_4B50, cursor.take(4) != nil,
      let flags = cursor.integer(UInt16.self), let method = cursor.integer(UInt16.self),
      cursor.take(4) != nil, let checksum = cursor.integer(UInt32.self),
      let packed = cursor.integer(UInt32.self),
      let plain = cursor.integer(UInt32.self), let nameLength = cursor.size(UInt16.self),
      let extraLength = cursor.size(UInt16.self), let commentLength = cursor.size(UInt16.self),
      cursor.take(8) != nil, let header = cursor.integer(UInt32.self),
      let nameBytes = cursor.take(nameLength), let extra = cursor.take(extraLength),
      cursor.take(commentLength) != nil
    else { throw .archive("member \(names.count) of its directory is damaged") }
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw .archive("the name of member \(names.count) is no UTF-8")
    }
    var large = ByteCursor(Self.zip64(in: Array(extra)))
    func wide(_ narrow: UInt32) throws(Problem) -> Int {
      if narrow != .max { return Int(narrow) }
      guard let value = large.size(UInt64.self) else {
        throw .part(name, "has a size or place that is missing or beyond 2^63")
      }
      return value
    }
    let size = try wide(plain)
    let packedSize = try wide(packed)
    let place = try wide(header)
    let obstacle: String? =
      if flags & 1 != 0 {
        "is encrypted"
      } else if method != 0 {
        "is packed (method \(method)), which PyTorch never does: unzip the file and zip it with -0"
      } else if size != packedSize {
        "is said to be \(size) bytes that take \(packedSize)"
      } else {
        nil
      }
    names.append(name)
    let member = Member(
      header: place, size: packedSize, checksum: checksum, obstacle: obstacle)
    if members.updateValue(member, forKey: name) != nil { throw .part(name, "is there twice") }
  }

  /// The extra field with what needs more than 32 bits.
  private static func zip64(in extra: [UInt8]) -> [UInt8] {
    var cursor = ByteCursor(extra)
    while let id = cursor.integer(UInt16.self), let length = cursor.size(UInt16.self),
      let body = cursor.take(length)
    {
      if id == 1 { return Array(body) }
    }
    return []
  }

  /// Finds the members' bytes behind their local headers.
  private mutating func locate(in file: borrowing InputFile, before limit: Int) throws {
    var end = 0
    let order = names.map { (name: $0, header: members[$0]?.header ?? 0) }
      .sorted { ($0.header, $0.name) < ($1.header, $1.name) }
    for (name, header) in order {
      guard let size = members[name]?.size, header >= end, header <= limit - 30 else {
        throw Problem.part(
          name, "begins at byte \(header), inside another part of the file or beyond its end")
      }
      var cursor = ByteCursor(try file.bytes(in: header..<(header + 30)))
      guard cursor.integer(UInt32.self) == 0x0403_4B50, cursor.take(22) != nil,
        let nameLength = cursor.size(UInt16.self), let extraLength = cursor.size(UInt16.self)
      else { throw Problem.part(name, "has no header at byte \(header)") }
      let start = header + 30 + nameLength + extraLength
      guard start <= limit, size <= limit - start else {
        throw Problem.part(name, "is said to have \(size) bytes, more than are left of the file")
      }
      end = start + size
      members[name]?.data = start..<end
    }
  }
}
