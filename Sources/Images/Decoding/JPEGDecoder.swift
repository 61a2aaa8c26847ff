import CJPEG

/// The owner of libjpeg's decompressor for one file, freed on every way out.
private struct JPEGDecoder: ~Copyable {
  let handle: OpaquePointer

  init?() {
    guard let handle = tutti_jpeg_create() else { return nil }
    self.handle = handle
  }

  deinit { tutti_jpeg_destroy(handle) }

  var message: String { String(cString: tutti_jpeg_message(handle)) }
}

extension Image {
  /// The most pixels a photo may have: 2²⁸, 768 MiB decoded.
  static let largestArea = 1 << 28

  /// Decodes a JPEG to RGB, upright by its EXIF orientation; grey and CMYK are converted.
  ///
  /// The pixels are those of libjpeg-turbo's defaults (accurate integer DCT, fancy upsampling), so
  /// they are Pillow's after `exif_transpose` and `convert("RGB")`. A file that ends early or has
  /// lost data is an error; junk between markers and a damaged EXIF block are not.
  ///
  /// - Parameter path: names the photo in errors.
  package init(jpeg bytes: [UInt8], path: String) throws(PhotoError) {
    let format = FileFormat(of: bytes)
    guard format == .jpeg else { throw .notJPEG(path: path, format: format) }
    guard let decoder = JPEGDecoder() else { throw .undecodable(path: path, "out of memory") }
    self = try bytes.withUnsafeBufferPointer { source throws(PhotoError) in
      var header = tutti_jpeg_header()
      guard tutti_jpeg_read_header(decoder.handle, source.baseAddress, source.count, &header) == 0
      else { throw .undecodable(path: path, decoder.message) }
      let (width, height) = (Int(header.width), Int(header.height))
      guard width * height <= Self.largestArea else {
        throw .tooLarge(path: path, width: width, height: height)
      }
      guard [1, 3, 4].contains(header.components) else {
        throw .undecodable(path: path, "\(header.components) colour components")
      }
      let exif = UnsafeBufferPointer(start: header.exif, count: header.exif_count)
      let orientation = Orientation(exif: exif) ?? .upright
      var pixels = [UInt8](repeating: 0, count: width * height * 3)
      let code = pixels.withUnsafeMutableBufferPointer { target in
        tutti_jpeg_decode(decoder.handle, target.baseAddress)
      }
      guard code == 0 else { throw .undecodable(path: path, decoder.message) }
      return orientation.applied(
        to: Image(height: height, width: width, channels: 3, pixels: pixels))
    }
  }
}
