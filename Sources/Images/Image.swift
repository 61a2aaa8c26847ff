/// The height and width of an image in pixels.
package struct ImageSize: Hashable, Sendable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

/// 8-bit pixels `[H, W, C]`, row-major: C is 3 (red, green, blue) or 1 (grey).
package struct Image: Equatable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  package var pixels: [UInt8]

  package init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == height * width * channels,
      "\(pixels.count) bytes for \(height)×\(width)×\(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  package var size: ImageSize { ImageSize(height: height, width: width) }

  /// An image of another size whose pixels `fill` computes; it must write all of them.
  func mapped(
    height: Int, width: Int,
    _ fill: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
  ) -> Image {
    let length = height * width * channels
    let mapped = [UInt8](unsafeUninitializedCapacity: length) { target, count in
      pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        fill(source, target)
        count = length
      }
    }
    return Image(height: height, width: width, channels: channels, pixels: mapped)
  }
}
