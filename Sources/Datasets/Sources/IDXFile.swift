import CZlib

/// Why IDX files can't be used. Each case names the file.
package enum IDXError: Error, Equatable, CustomStringConvertible {
  case missing(String)
  /// It can't be read or inflated, with the reason.
  case unreadable(String, reason: String)
  case magic(String, found: UInt32, expected: UInt32)
  /// An extent in the header is zero.
  case nothing(String)
  /// It ends before what the header promises, or in the header.
  case size(String, promised: Int, found: Int)
  /// More bytes after what the header promises.
  case trailing(String, promised: Int)
  case counts(images: String, Int, labels: String, Int)
  /// The test images have another size than the training images.
  case sizesDiffer(String, ImageSize, ImageSize)
  /// A label of the test file that no training image has.
  case unknownLabel(String, UInt8)
  case onlyOneClass(String)

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): missing (.gz will do as well); an IDX folder holds images and labels of train,"
        + " and both or none of t10k"
    case .unreadable(let path, let reason):
      "\(path): can't be read: \(reason); if it was downloaded, fetch it again"
    case .magic(let path, let found, let expected):
      "\(path): starts with \(found) where an IDX file of its name has \(expected);"
        + " not an IDX file, or images and labels are exchanged"
    case .nothing(let path):
      "\(path): by its header there is nothing in it; fetch it again"
    case .size(let path, let promised, let found):
      "\(path): cut short: \(found) bytes where there must be \(promised); fetch it again"
    case .trailing(let path, let promised):
      "\(path): longer than the \(promised) bytes its header promises; fetch it again"
    case .counts(let images, let imageCount, let labels, let labelCount):
      "\(images) has \(imageCount) images, but \(labels) has \(labelCount) labels;"
        + " they don't belong together"
    case .sizesDiffer(let path, let size, let expected):
      "\(path): images of \(size.height)×\(size.width) pixels, but the training images have"
        + " \(expected.height)×\(expected.width)"
    case .unknownLabel(let path, let label):
      "\(path): the label \(label) is on no training image"
    case .onlyOneClass(let path):
      "\(path): fewer than two classes; a classifier needs at least two"
    }
  }
}

/// The bytes of an IDX file, the format of MNIST: a magic number `0x0000 08 RANK`, RANK extents of
/// 32 bits, big-endian, then unsigned bytes, row-major.
struct IDXFile {
  let path: String
  let extents: [Int]
  let bytes: [UInt8]

  /// Reads a file as it is or in gzip, told by its first bytes.
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
