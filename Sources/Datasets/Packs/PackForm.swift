import Images

/// What a pack holds of each photo.
package enum PackForm: Codable, Equatable, Sendable {
  /// The photos' files, byte for byte.
  case files
  /// JPEGs of the pixels, upright, with a shorter side of so many at most; a JPEG that has no more is taken as
  /// it is.
  case jpeg(shorterSide: Int, quality: Int)
  /// The pixels themselves, upright, with a shorter side of so many at most; nil: as many as there are.
  case pixels(shorterSide: Int?)

  /// Whether a photo may be of so many bytes.
  func allows(_ bytes: Int) -> Bool {
    bytes > 0 && (!hasFiles || bytes <= Image.mostFileBytes)
  }

  /// Of the longest shorter side that photos may have; nil where they are as they were.
  package var shorterSide: Int? {
    switch self {
    case .files: nil
    case .jpeg(let side, _): side
    case .pixels(let side): side
    }
  }

  /// Whether photos have to be decoded for it.
  var decodes: Bool { self != .files }

  /// Whether what it holds are files of images.
  var hasFiles: Bool { if case .pixels = self { false } else { true } }

  /// What it makes of a photo's file.
  ///
  /// - Throws: `PhotoError`.
  func packed(
    _ file: [UInt8], path: String, by decoding: Decoding
  ) throws(PhotoError) -> [UInt8] {
    let format = FileFormat(of: file)
    switch self {
    case .files:
      guard format.isPhoto else { throw .notPhoto(path: path, format: format) }
      return file
    case .jpeg(let side, let quality):
      let image = try Image(photo: file, path: path, by: decoding)
      let shrunk = image.shrunk(shorterSide: side)
      if format == .jpeg, shrunk.size == image.size { return file }
      guard max(shrunk.height, shrunk.width) <= Image.longestJPEGSide else {
        throw .undecodable(
          path: path, format, "a JPEG of \(shrunk.width)×\(shrunk.height) pixels can't be written")
      }
      do {
        return try shrunk.jpeg(quality: quality)
      } catch {
        throw .noMemory(path: path, bytes: nil)
      }
    case .pixels(let side):
      let image = try Image(photo: file, path: path, by: decoding)
      return RawPixels.bytes(of: side.map(image.shrunk) ?? image)
    }
  }

  /// The image that was packed so.
  ///
  /// - Throws: `PhotoError`.
  func image(
    of packed: [UInt8], path: String, by decoding: Decoding
  ) throws(PhotoError) -> Image {
    guard case .pixels = self else {
      do {
        return try Image(photo: packed, path: path, by: decoding)
      } catch {
        throw error.inPack
      }
    }
    guard let image = RawPixels.image(packed) else {
      throw .unreadable(path: path, reason: "its bytes are no image's pixels")
    }
    return image
  }

  /// For people: `JPEGs of 256 pixels at most, quality 90`.
  package var description: String {
    switch self {
    case .files: "files as they were"
    case .jpeg(let side, let quality): "JPEGs of \(side) pixels at most, quality \(quality)"
    case .pixels(let side): side.map { "pixels, \($0) at most" } ?? "all pixels"
    }
  }
}

/// An image as bytes: its height and width, 32 bits each with the lowest first, and its pixels
/// `[H, W, 3]`.
enum RawPixels {
  static let header = 8

  static func bytes(of image: Image) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header + image.count)
    for extent in [image.height, image.width] { bytes.append(littleEndian: UInt32(extent)) }
    image.withPixels {
      bytes.append(contentsOf: UnsafeBufferPointer(start: $0, count: image.count))
    }
    return bytes
  }

  /// By the first bytes.
  static func size(_ bytes: [UInt8]) -> ImageSize {
    ImageSize(height: Int(bytes.uint32(at: 0)), width: Int(bytes.uint32(at: 4)))
  }

  /// Nil when the bytes are no image's.
  static func image(_ bytes: [UInt8]) -> Image? {
    guard bytes.count > header else { return nil }
    let size = size(bytes)
    let (height, width) = (size.height, size.width)
    let (area, overflow) = height.multipliedReportingOverflow(by: width)
    guard !overflow, area <= bytes.count, 3 * area == bytes.count - header,
      max(height, width) <= Decoding.longestSide
    else { return nil }
    return Image(height: height, width: width, channels: 3, pixels: bytes[header...])
  }
}

extension [UInt8] {
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// - Precondition: there are as many bytes.
  func uint32(at place: Int) -> UInt32 {
    withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }
  }

  /// - Precondition: there are as many bytes.
  func uint64(at place: Int) -> UInt64 {
    withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
  }
}
