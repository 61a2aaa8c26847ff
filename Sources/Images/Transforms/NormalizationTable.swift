/// What `Normalize` makes of each of the 256 values of a pixel.
struct NormalizationTable {
  private let mean: [Float]
  private let std: [Float]
  /// `[256, C]`
  private let table: [Float]

  /// - Precondition: as many means as deviations, which are not zero.
  init(mean: [Float], std: [Float]) {
    precondition(mean.count == std.count && !std.contains(0), "mean \(mean), std \(std)")
    self.mean = mean
    self.std = std
    table = (0..<256).flatMap { value in
      zip(mean, std).map { mean, std in (Float(value) / 255 - mean) / std }
    }
  }

  /// The image `[H, W, C]` whose floats these are: the way back from `write`.
  func image(of floats: UnsafePointer<Float>, _ size: ImageSize) -> Image {
    let channels = mean.count
    let pixels = (0..<(size.height * size.width * channels)).map { place in
      let value = floats[place] * std[place % channels] + mean[place % channels]
      return UInt8(min(max(255 * value, 0), 255).rounded())
    }
    return Image(height: size.height, width: size.width, channels: channels, pixels: pixels)
  }

  /// Writes the image's `[H, W, C]` floats to `target`.
  func write(_ image: Image, to target: UnsafeMutablePointer<Float>) {
    let channels = image.channels
    precondition(channels == mean.count, "\(channels) channels, \(mean.count) means")
    image.withPixels { pixels in
      table.withUnsafeBufferPointer { table in
        var place = 0
        while place < image.count {
          for channel in 0..<channels {
            target[place &+ channel] = table[Int(pixels[place &+ channel]) &* channels &+ channel]
          }
          place &+= channels
        }
      }
    }
  }
}
