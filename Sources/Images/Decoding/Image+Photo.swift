import Files

extension Image {
  /// The most bytes that a photo's file may have.
  package static let mostFileBytes = 1 << 28

  /// Decodes a photo to RGB, upright by its EXIF or XMP orientation: a JPEG, PNG or WebP by its first
  /// bytes, whatever it is called.
  ///
  /// The pixels are Pillow's, after `exif_transpose`, on the background where a photo is transparent, and
  /// after `convert("RGB")`. A file that ends early or has lost data is an error. Memory is taken only for
  /// as many pixels as `decoding` allows, and as a JPEG's or PNG's bytes can hold.
  ///
  /// - Parameter path: names the photo in errors.
  package init(
    photo bytes: [UInt8], path: String, by decoding: Decoding = Decoding()
  ) throws(PhotoError) {
    let format = FileFormat(of: bytes)
    switch format {
    case .jpeg: try self.init(jpeg: bytes, path: path, by: decoding)
    case .png: try self.init(png: bytes, path: path, by: decoding)
    case .webp: try self.init(webp: bytes, path: path, by: decoding)
    case .image, .html, .text, .empty, .unknown: throw .notPhoto(path: path, format: format)
    }
  }

  /// The picture as it was seen, of pixels in the order in which they were stored.
  ///
  /// - Parameter path: names the photo in errors.
  func turned(by orientation: Orientation, path: String) throws(PhotoError) -> Image {
    if orientation == .upright { return self }
    guard ProcessMemory.canTake(count) else { throw .noMemory(path: path, bytes: count) }
    let target = orientation.upright(size)
    return mapped(height: target.height, width: target.width) {
      orientation.turn($0, rows: 0..<height, of: size, into: $1)
    }
  }
}
