import CZlib

/// The bytes of an IDX file, the format of MNIST: a magic number `0x0000 08 RANK`, RANK extents of
/// 32 bits, big-endian, then unsigned bytes, row-major.
struct IDXFile {
  let path: String
  let extents: [Int]
  let bytes: [UInt8]

  /// Reads a file as it is or in gzip, as its first bytes show.
  init(_ path: String, rank: Int) throws(IDXError) {
    guard let file = gzopen(path, "rb") else {
      throw .unreadable(path, reason: "it can't be opened (missing, or no permission)")
    }
    defer { gzclose(file) }
    self.path = path

    func numbers(_ count: Int) throws(IDXError) -> [UInt32] {
      let bytes = try Self.read(4 * count, from: file, path)
      guard bytes.count == 4 * count else {
        throw .size(path, promised: 4 * count, found: bytes.count)
      }
      return (0..<count).map { index in
        bytes[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
      }
    }
    let (magic, expected) = (try numbers(1)[0], UInt32(0x0800 + rank))
    guard magic == expected else { throw .magic(path, found: magic, expected: expected) }
    extents = try numbers(rank).map { Int($0) }
    guard !extents.contains(0) else { throw .nothing(path) }
    var (promised, overflow) = (1, false)
    for extent in extents where !overflow {
      (promised, overflow) = promised.multipliedReportingOverflow(by: extent)
    }
    if overflow { promised = .max }
    bytes = try Self.read(promised, from: file, path)
    guard bytes.count == promised else {
      throw .size(path, promised: promised, found: bytes.count)
    }
    guard try Self.read(1, from: file, path).isEmpty else {
      throw .trailing(path, promised: promised)
    }
  }

  /// Up to `count` bytes, fewer at the file's end. Memory grows with what is really there, since
  /// the header's word can't be trusted.
  private static func read(_ count: Int, from file: gzFile, _ path: String) throws(IDXError)
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while bytes.count < count {
      let wanted = min(chunk.count, count - bytes.count)
      let got = chunk.withUnsafeMutableBytes { gzread(file, $0.baseAddress, UInt32(wanted)) }
      var code: Int32 = 0
      let reason = gzerror(file, &code).map { String(cString: $0) } ?? ""
      guard got >= 0, code == Z_OK || code == Z_STREAM_END else {
        throw .unreadable(path, reason: reason)
      }
      if got == 0 { break }
      bytes.append(contentsOf: chunk[..<Int(got)])
    }
    return bytes
  }
}
