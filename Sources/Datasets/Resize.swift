/// Resizes to a square, whatever the proportions: `torchvision.transforms.Resize((size, size))`,
/// and not its `Resize(size)`, which keeps the proportions.
///
/// Bilinear with antialiasing, bit for bit `Image.resize(…, BILINEAR)` of Pillow 13 on 8-bit images
/// (`src/libImaging/Resample.c`): one axis after the other, each result rounded to 8 bits. An axis
/// that has the size already is left alone.
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
    // Columns come first when the height shrinks by more than twice what the width does. Rounding
    // makes the order visible; it is Pillow's since 13.0, and was rows first before.
    let shrinking = image.height - size
    let columnsFirst = shrinking > 0 && shrinking > 2 * (image.width - size)
    if columnsFirst { resizeColumns(of: &image) }
    if image.width != size { resizeRows(of: &image) }
    if image.height != size { resizeColumns(of: &image) }
  }

  /// `[H, W, C]` to `[H, size, C]`
  private func resizeRows(of image: inout Image) {
    let taps = Taps(from: image.width, to: size)
    let (height, channels) = (image.height, image.channels)
    let (inputLength, outputLength) = (image.width * channels, size * channels)
    image = image.mapped(height: height, width: size) { source, target in
      for y in 0..<height {
        taps.filter(source + y * inputLength, channels: channels, into: target + y * outputLength)
      }
    }
  }

  /// `[H, W, C]` to `[size, W, C]`
  private func resizeColumns(of image: inout Image) {
    let taps = Taps(from: image.height, to: size)
    let (length, size) = (image.width * image.channels, size)
    image = image.mapped(height: size, width: image.width) { source, target in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: length) { sums in
        guard let sums = sums.baseAddress else { return }
        for y in 0..<size {
          taps.combine(source, length: length, output: y, sums: sums, into: target + y * length)
        }
      }
    }
  }
}
