import CJPEG

/// The owner of libjpeg's decompressor for one file, freed on every way out.
private struct JPEGDecoder: ~Copyable {
  let handle: OpaquePointer
  /// Names the photo in errors.
  let path: String

  init(path: String) throws(PhotoError) {
    guard let handle = tutti_jpeg_create() else { throw .noMemory(path: path, bytes: nil) }
    self.handle = handle
    self.path = path
  }

  deinit { tutti_jpeg_destroy(handle) }

  /// Why the last call failed.
  var failure: PhotoError {
    tutti_jpeg_lacks_memory(handle) == 0
      ? .undecodable(path: path, .jpeg, String(cString: tutti_jpeg_message(handle)))
      : .noMemory(path: path, bytes: nil)
  }

  /// Looks at what stands before the first scan, and refuses what must not be decoded. The file has to
  /// stay where it is as long as the decoder is used.
  func header(
    of file: UnsafeBufferPointer<UInt8>, _ decoding: Decoding
  ) throws(PhotoError) -> tutti_jpeg_header {
    var header = tutti_jpeg_header()
    guard tutti_jpeg_read_header(handle, file.baseAddress, file.count, &header) == 0 else {
      throw failure
    }
    try decoding.check(
      ImageSize(height: Int(header.height), width: Int(header.width)), of: file.count, path: path,
      format: .jpeg, canHold: header.blocks <= 8 * file.count)
    // libjpeg takes noise and the end of such a file for data: what is lost can't be told.
    guard header.is_arithmetic == 0 else { throw .arithmetic(path: path) }
    guard [1, 3, 4].contains(header.components) else {
      throw .undecodable(path: path, .jpeg, "\(header.components) colour components")
    }
    return header
  }

  /// Decodes the image of so many blocks to `target`, `[H, W, 3]` when upright; false for a failure.
  func decode(
    _ size: ImageSize, blocks: Int, _ orientation: Orientation,
    to target: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard tutti_jpeg_start(handle, Int32(Image.mostScans(ofBlocks: blocks))) == 0 else {
      return false
    }
    if orientation == .upright {
      guard tutti_jpeg_read_rows(handle, target, UInt32(size.height)) == 0 else { return false }
    } else {
      // A strip is turned as soon as it is decoded: it is still in the cache.
      let length = 3 * size.width
      let isDecoded = withUnsafeTemporaryAllocation(
        of: UInt8.self, capacity: Orientation.strip * length + 1
      ) { strip in
        for first in stride(from: 0, to: size.height, by: Orientation.strip) {
          let rows = first..<min(first + Orientation.strip, size.height)
          guard let stored = strip.baseAddress,
            tutti_jpeg_read_rows(handle, stored, UInt32(rows.count)) == 0
          else { return false }
          orientation.turn(stored, rows: rows, of: size, into: target)
        }
        return true
      }
      guard isDecoded else { return false }
    }
    return tutti_jpeg_finish(handle) == 0
  }
}

extension Image {
  /// The most scans of a JPEG of so many blocks. Cameras and converters write about 10, of which each
  /// costs a pass over the blocks, however few bytes it has: 70 ns for each block.
  static func mostScans(ofBlocks blocks: Int) -> Int {
    min(100, max(20, (1 << 26) / max(blocks, 1)))
  }

  /// Decodes a JPEG to RGB, upright by its EXIF or XMP orientation; grey and CMYK are converted.
  ///
  /// The pixels are those of libjpeg-turbo's defaults (accurate integer DCT, fancy upsampling), so
  /// they are Pillow's. Junk between markers and a damaged EXIF block are no errors.
  init(jpeg bytes: [UInt8], path: String, by decoding: Decoding) throws(PhotoError) {
    let decoder = try JPEGDecoder(path: path)
    self = try bytes.withUnsafeBufferPointer { file throws(PhotoError) in
      let header = try decoder.header(of: file, decoding)
      let orientation = Orientation(
        exif: UnsafeBufferPointer(start: header.exif, count: header.exif_count),
        xmp: UnsafeBufferPointer(start: header.xmp, count: header.xmp_count))
      let stored = ImageSize(height: Int(header.height), width: Int(header.width))
      var image = Image(uninitialized: orientation.upright(stored), channels: 3)
      let isDecoded = image.withMutablePixels {
        decoder.decode(stored, blocks: header.blocks, orientation, to: $0)
      }
      guard isDecoded else { throw decoder.failure }
      return image
    }
  }
}
