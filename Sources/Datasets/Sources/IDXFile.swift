import CZlib
import Files
import Glibc

/// An IDX file, the format of MNIST: a magic number `0x0000 08 RANK`, RANK extents of 32 bits,
/// big-endian, then unsigned bytes, row-major. It is read as it is or in gzip, as its first bytes show.
///
/// The header is read and checked first, so that nothing is believed that the file can't keep.
struct IDXFile {
  /// The most bytes behind the header: EMNIST's largest file has half of it.
  static let mostBytes = 1 << 30
  /// The most images or labels: EMNIST has 814,255.
  static let mostItems = 1 << 22
  /// The most pixels of a side, as in a JPEG.
  static let longestSide = 65_535
  /// The most that deflate makes of a byte.
  private static let inflation = 1032

  let path: String
  let extents: [Int]
  /// Behind the header.
  let bytes: Int
  /// As many of these as a file of this length can have.
  let bytesAtMost: Int
  private let stream: Stream

  /// zlib's reader, closed when the owner lets go.
  private final class Stream {
    let handle: gzFile
    init(_ handle: gzFile) { self.handle = handle }
    deinit { gzclose(handle) }
  }

  /// Reads the header.
  init(_ path: String, rank: Int) throws(IDXError) {
    let (descriptor, size) = try Self.open(path)
    guard let handle = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .unreadable(path, reason: "out of memory")
    }
    let stream = Stream(handle)

    func numbers(_ count: Int) throws(IDXError) -> [Int] {
      var bytes: [UInt8] = []
      try Self.read(4 * count, from: stream, path, into: &bytes)
      guard bytes.count == 4 * count else {
        throw .size(path, promised: 4 * count, found: bytes.count)
      }
      return (0..<count).map { index in
        bytes[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | Int($1) }
      }
    }
    let (magic, expected) = (try numbers(1)[0], 0x0800 + rank)
    guard magic == expected else { throw .magic(path, found: magic, expected: expected) }
    let extents = try numbers(rank)
    guard !extents.contains(0) else { throw .nothing(path) }
    var promised = 1
    for (axis, extent) in extents.enumerated() {
      promised *= extent
      guard extent <= (axis == 0 ? Self.mostItems : Self.longestSide), promised <= Self.mostBytes
      else { throw .tooLarge(path, extents: extents) }
    }
    let inFile = size - 4 * (1 + rank)
    if gzdirect(handle) == 1, inFile != promised {
      throw inFile < promised
        ? .size(path, promised: promised, found: inFile) : .trailing(path, promised: promised)
    }
    self.path = path
    self.extents = extents
    bytes = promised
    bytesAtMost = min(promised, Self.inflation * size)
    self.stream = stream
  }

  /// Reads what is behind the header, once, and puts it at the end of `target`, which should have room.
  func read(into target: inout [UInt8]) throws(IDXError) {
    let start = target.count
    try Self.read(bytes, from: stream, path, into: &target)
    let found = target.count - start
    guard found == bytes else { throw .size(path, promised: bytes, found: found) }
    try Self.read(1, from: stream, path, into: &target)
    guard target.count == start + bytes else { throw .trailing(path, promised: bytes) }
  }

  /// Opens the file without waiting for the writer of a pipe.
  private static func open(_ path: String) throws(IDXError) -> (descriptor: Int32, bytes: Int) {
    do {
      let file = try InputFile(path: path)
      return (try file.newDescriptor(), file.size)
    } catch let error as FileError {
      throw .unreadable(path, reason: error.cause)
    } catch {
      throw .unreadable(path, reason: "\(error)")
    }
  }

  /// Appends up to `count` bytes, fewer at the file's end. Memory grows with what is really there.
  private static func read(
    _ count: Int, from stream: Stream, _ path: String, into target: inout [UInt8]
  ) throws(IDXError) {
    let end = target.count + count
    var chunk = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while target.count < end {
      let wanted = min(chunk.count, end - target.count)
      let got = chunk.withUnsafeMutableBytes {
        gzread(stream.handle, $0.baseAddress, UInt32(wanted))
      }
      var code: Int32 = 0
      let reason = gzerror(stream.handle, &code).map { String(cString: $0) } ?? ""
      guard got >= 0, code == Z_OK || code == Z_STREAM_END else {
        throw .unreadable(path, reason: reason)
      }
      if got == 0 { break }
      target.append(contentsOf: chunk[..<Int(got)])
    }
  }
}
