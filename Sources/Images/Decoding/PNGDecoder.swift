import CPNG

/// The owner of libpng's reader for one file, freed on every way out.
private struct PNGDecoder: ~Copyable {
  let handle: OpaquePointer
  /// Names the photo in errors.
  let path: String

  init(path: String) throws(PhotoError) {
    guard let handle = tutti_png_create() else { throw .noMemory(path: path, bytes: nil) }
    self.handle = handle
    self.path = path
  }

  deinit { tutti_png_destroy(handle) }

  /// Why the last call failed.
  var failure: PhotoError {
    tutti_png_lacks_memory(handle) == 0
      ? .undecodable(path: path, .png, String(cString: tutti_png_message(handle)))
      : .noMemory(path: path, bytes: nil)
  }

  /// What the chunks say that were read.
  var orientation: Orientation {
    let metadata = tutti_png_read_metadata(handle)
    let xmp = UnsafeBufferPointer(start: metadata.xmp, count: metadata.xmp_count)
    if metadata.exif == nil, metadata.profile != nil {
      let text = UnsafeBufferPointer(start: metadata.profile, count: metadata.profile_count)
      return Self.block(ofProfile: text).withUnsafeBufferPointer { Orientation(exif: $0, xmp: xmp) }
    }
    return Orientation(
      exif: UnsafeBufferPointer(start: metadata.exif, count: metadata.exif_count), xmp: xmp)
  }

  /// Bytes written in hexadecimal below three lines: an empty one, "exif", and their number. As many as
  /// are well written.
  private static func block(ofProfile text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let newline = UInt8(ascii: "\n")
    let lines = text.split(separator: newline, maxSplits: 3, omittingEmptySubsequences: false)
    guard lines.count == 4 else { return [] }
    var block: [UInt8] = []
    var upper: UInt8?
    for digit in lines[3] where digit != newline {
      guard let half = Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init) else { break }
      if let first = upper {
        block.append(first << 4 | half)
        upper = nil
      } else {
        upper = half
      }
    }
    return block
  }
}

extension Image {
  /// Bytes that one compressed byte can become (RFC 1951): the file can't hold more.
  private static let mostDeflated = 1032

  /// Decodes a PNG of 1 to 16 bits, grey, coloured, with a palette or with transparency, interlaced or not,
  /// of an animated one the picture that programs without animation show. Colour spaces are ignored, as
  /// by Pillow.
  init(png bytes: [UInt8], path: String, by decoding: Decoding) throws(PhotoError) {
    let decoder = try PNGDecoder(path: path)
    self = try bytes.withUnsafeBufferPointer { file throws(PhotoError) in
      var header = tutti_png_header()
      guard tutti_png_read_header(decoder.handle, file.baseAddress, file.count, &header) == 0
      else { throw decoder.failure }
      let size = ImageSize(height: Int(header.height), width: Int(header.width))
      try decoding.check(
        size, of: file.count, path: path, format: .png,
        canHold: header.stored / Self.mostDeflated <= file.count,
        scratch: header.channels == 3 ? 0 : 4 * size.height * size.width)
      var image = Image(uninitialized: size, channels: Int(header.channels))
      let isDecoded = image.withMutablePixels { tutti_png_decode(decoder.handle, $0) == 0 }
      guard isDecoded else { throw decoder.failure }
      return try image.composed(over: decoding.background).turned(
        by: decoder.orientation, path: path)
    }
  }
}
