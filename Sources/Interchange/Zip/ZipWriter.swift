import Files

/// Writes a zip file front to back, members as they are and each starting on 64 bytes, as PyTorch
/// does so that it can map them into memory. The same members give the same bytes.
///
/// For files below 4 GiB and 2^16 members, which the caller has made sure of. Source: see
/// `ZipDirectory`.
struct ZipWriter: ~Copyable {
  static let alignment = 64
  private static let version: UInt16 = 20
  /// Names are in UTF-8.
  private static let flags: UInt16 = 1 << 11
  /// The first day that the format knows, 1 January 1980: no file tells when it was written.
  private static let date: UInt16 = 1 << 5 | 1

  private let file: OutputFile
  private var position = 0
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// Throws `FileError`.
  init(path: String, expectedBytes: Int) throws {
    file = try OutputFile(path: path, expectedBytes: expectedBytes)
  }

  /// Throws `FileError`.
  mutating func add(_ name: String, _ bytes: UnsafeRawBufferPointer) throws {
    let start = position
    var common: [UInt8] = []
    common.append(little: Self.version)
    common.append(little: Self.flags)
    common.append(little: UInt16(0))  // Not packed.
    common.append(little: UInt16(0))  // Midnight.
    common.append(little: Self.date)
    common.append(little: CRC32.of(bytes))
    common.append(little: UInt32(bytes.count))
    common.append(little: UInt32(bytes.count))
    common.append(little: UInt16(name.utf8.count))

    let plainHeader = 30 + name.utf8.count + 4
    let padding = (Self.alignment - (start + plainHeader) % Self.alignment) % Self.alignment
    var header: [UInt8] = Array("PK\u{3}\u{4}".utf8) + common
    header.append(little: UInt16(4 + padding))
    header += name.utf8
    header += Array("FB".utf8)  // PyTorch's mark of a field that only fills up.
    header.append(little: UInt16(padding))
    header += Array(repeating: UInt8(ascii: "Z"), count: padding)
    try append(header)
    try file.write(bytes)
    position += bytes.count

    directory += Array("PK\u{1}\u{2}".utf8)
    directory.append(little: Self.version)
    directory += common
    directory += [UInt8](repeating: 0, count: 12)  // No extra field, comment, or attributes.
    directory.append(little: UInt32(start))
    directory += name.utf8
    count += 1
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try add(name, $0) }
  }

  /// Returns when the whole file is on the disk. Throws `FileError`.
  mutating func finish() throws {
    let start = position
    try append(directory)
    var end: [UInt8] = Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0]
    end.append(little: count)
    end.append(little: count)
    end.append(little: UInt32(directory.count))
    end.append(little: UInt32(start))
    end += [0, 0]
    try append(end)
    try file.sync()
  }

  private mutating func append(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try file.write($0) }
    position += bytes.count
  }
}

extension [UInt8] {
  /// Appends the number's bytes, the lowest first.
  mutating func append<Number: FixedWidthInteger>(little number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
