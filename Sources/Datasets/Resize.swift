/// Resizes to a square, whatever the proportions: `torchvision.transforms.Resize((size, size))`,
/// and not its `Resize(size)`, which keeps the proportions.
///
/// Bilinear with antialiasing, bit for bit Pillow's `Image.resize(…, BILINEAR)` on 8-bit images
/// (`src/libImaging/Resample.c`): first along rows, then along columns, each result rounded to 8 bits.
/// A direction in which the image has the size already is left alone.
package struct Resize: PixelTransform {
  package let size: Int
  package let isRandom = false

  /// - Precondition: `size` is positive.
  package init(_ size: Int) {
    precondition(size > 0, "resize to \(size)")
    self.size = size
  }

  package func outputSize(_ size: ImageSize?) -> ImageSize? {
    ImageSize(height: self.size, width: self.size)
  }

  package func apply(to image: inout Image, _ draws: Draws) {
    let vertical = Taps(from: image.height, to: size)
    if image.width != size {
      // Where height grows or shrinks at the border, the outermost rows may be needed by nobody.
      image = resizedHorizontally(image)
    }
    if image.height != size { image = resizedVertically(image, vertical) }
  }

  private func resizedHorizontally(_ image: Image) -> Image {
    let taps = Taps(from: image.width, to: size)
    let (height, width, channels, size) = (image.height, image.width, image.channels, size)
    let count = height * size * channels
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      initialized = count
      guard let target = target.baseAddress else { return }
      image.pixels.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        for y in 0..<height {
          let row = source + y * width * channels
          let out = target + y * size * channels
          if channels == 3 {
            taps.filterColour(row, into: out)
          } else {
            taps.filter(row, channels: channels, into: out)
          }
        }
      }
    }
    return Image(height: height, width: size, channels: channels, pixels: pixels)
  }

  private func resizedVertically(_ image: Image, _ taps: Taps) -> Image {
    let length = image.width * image.channels
    let (count, size) = (size * length, size)
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      initialized = count
      guard let target = target.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: length) { sums in
        guard let sums = sums.baseAddress else { return }
        image.pixels.withUnsafeBufferPointer { source in
          guard let source = source.baseAddress else { return }
          for y in 0..<size {
            taps.combineRows(
              source, length: length, place: y, sums: sums, into: target + y * length)
          }
        }
      }
    }
    return Image(height: size, width: image.width, channels: image.channels, pixels: pixels)
  }
}
