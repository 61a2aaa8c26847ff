import CZlib
import Files

/// The checksum of zip files, by the system's zlib.
enum CRC32 {
  /// - Parameter start: the checksum of what comes before.
  static func of(_ bytes: UnsafeRawBufferPointer, from start: UInt32 = 0) -> UInt32 {
    UInt32(crc32_z(UInt(start), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
  }

  /// Of a part of a file. Throws `FileError`.
  static func of(_ range: Range<Int>, in file: borrowing InputFile) throws -> UInt32 {
    var checksum: UInt32 = 0
    try file.forEachPiece(in: range) { checksum = of($0, from: checksum) }
    return checksum
  }
}
