import CWebP

/// The owner of libwebp's view of one file, freed on every way out.
private struct WebPFile: ~Copyable {
  let handle: OpaquePointer

  /// Nil when the file is damaged or ends early. It has to stay where it is.
  init?(_ file: UnsafeBufferPointer<UInt8>) {
    var data = WebPData(bytes: file.baseAddress, size: file.count)
    guard let handle = WebPDemux(&data) else { return nil }
    self.handle = handle
  }

  deinit { WebPDemuxDelete(handle) }

  func number(_ feature: WebPFormatFeature) -> Int { Int(WebPDemuxGetI(handle, feature)) }

  var hasAlpha: Bool { number(WEBP_FF_FORMAT_FLAGS) & Int(ALPHA_FLAG.rawValue) != 0 }

  var orientation: Orientation {
    var (exif, xmp) = (WebPChunkIterator(), WebPChunkIterator())
    defer {
      WebPDemuxReleaseChunkIterator(&exif)
      WebPDemuxReleaseChunkIterator(&xmp)
    }
    func contents(_ name: String, _ chunk: inout WebPChunkIterator) -> UnsafeBufferPointer<UInt8> {
      WebPDemuxGetChunk(handle, name, 1, &chunk) == 0
        ? UnsafeBufferPointer(start: nil, count: 0)
        : UnsafeBufferPointer(start: chunk.chunk.bytes, count: chunk.chunk.size)
    }
    return Orientation(exif: contents("EXIF", &exif), xmp: contents("XMP ", &xmp))
  }
}

extension Image {
  /// Decodes a WebP with or without loss or transparency, of an animated one the first picture.
  init(webp bytes: [UInt8], path: String, by decoding: Decoding) throws(PhotoError) {
    self = try bytes.withUnsafeBufferPointer { file throws(PhotoError) in
      func damaged(_ reason: String) -> PhotoError { .undecodable(path: path, .webp, reason) }
      guard let webp = WebPFile(file) else { throw damaged("it ends early or is none inside") }
      let size = ImageSize(
        height: webp.number(WEBP_FF_CANVAS_HEIGHT), width: webp.number(WEBP_FF_CANVAS_WIDTH))
      // A file without loss can hold any number of equal pixels.
      try decoding.check(
        size, of: file.count, path: path, format: .webp, canHold: true,
        scratch: 8 * size.height * size.width)
      var frame = WebPIterator()
      guard WebPDemuxGetFrame(webp.handle, 1, &frame) != 0 else { throw damaged("no picture") }
      defer { WebPDemuxReleaseIterator(&frame) }
      let frameSize = ImageSize(height: Int(frame.height), width: Int(frame.width))
      let (top, left) = (Int(frame.y_offset), Int(frame.x_offset))
      guard top + frameSize.height <= size.height, left + frameSize.width <= size.width else {
        throw damaged("a picture beside its canvas")
      }
      var image = Image(uninitialized: frameSize, channels: webp.hasAlpha ? 4 : 3)
      let status = frame.decode(into: &image)
      switch status {
      case VP8_STATUS_OK: break
      case VP8_STATUS_OUT_OF_MEMORY: throw .noMemory(path: path, bytes: nil)
      case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED: throw damaged("it ends early")
      case VP8_STATUS_UNSUPPORTED_FEATURE: throw damaged("of a kind that libwebp doesn't read")
      default: throw damaged("lost data")
      }
      image = image.composed(over: decoding.background)
      if frameSize != size {
        image = image.window(
          top: -top, left: -left, size, fill: webp.hasAlpha ? decoding.background : .black)
      }
      return try image.turned(by: webp.orientation, path: path)
    }
  }
}

extension WebPIterator {
  /// Decodes the picture to an image of its size, with alpha where that has four channels.
  fileprivate func decode(into image: inout Image) -> VP8StatusCode {
    var config = WebPDecoderConfig()
    guard WebPInitDecoderConfig(&config) != 0 else { return VP8_STATUS_INVALID_PARAM }
    defer { WebPFreeDecBuffer(&config.output) }
    config.output.colorspace = image.channels == 4 ? MODE_RGBA : MODE_RGB
    config.output.is_external_memory = 1
    let (line, count) = (image.channels * image.width, image.count)
    return image.withMutablePixels { pixels in
      config.output.u.RGBA = WebPRGBABuffer(rgba: pixels, stride: Int32(line), size: count)
      return WebPDecode(fragment.bytes, fragment.size, &config)
    }
  }
}
