import CProcessor

/// What `Normalize` does with its numbers: (pixel/255 − mean)/std, rounded in Float after each operation.
struct Normalization {
  private let mean: [Float]
  private let std: [Float]
  /// For 24 neighbouring values, which begin with the first channel of one or of three.
  private let means: [SIMD8<Float>]
  private let stds: [SIMD8<Float>]

  /// - Precondition: as many means as deviations, one or three; no deviation is zero.
  init(mean: [Float], std: [Float]) {
    precondition(
      [1, 3].contains(mean.count) && mean.count == std.count && !std.contains(0),
      "mean \(mean), std \(std)")
    func spread(_ numbers: [Float]) -> [SIMD8<Float>] {
      (0..<3).map { vector in
        SIMD8((0..<8).map { numbers[(8 * vector + $0) % numbers.count] })
      }
    }
    self.mean = mean
    self.std = std
    (means, stds) = (spread(mean), spread(std))
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

  /// Writes the image's `[H, W, C]` floats to `target`, and nothing behind them, where another image's are.
  func write(_ image: Image, to target: UnsafeMutablePointer<Float>) {
    let (channels, count) = (image.channels, image.count)
    precondition(channels == mean.count, "\(channels) channels, \(mean.count) means")
    let vectors = count / 24 * 24
    image.withPixels { pixels in
      let (mean0, mean1, mean2) = (means[0], means[1], means[2])
      let (std0, std1, std2) = (stds[0], stds[1], stds[2])
      let most = SIMD8<Float>(repeating: 255)
      @inline(__always)
      func write(_ place: Int, _ mean: SIMD8<Float>, _ std: SIMD8<Float>) {
        let values = tutti_floats(tutti_load_bytes(pixels + place))
        UnsafeMutableRawPointer(target + place).storeBytes(
          of: (values / most - mean) / std, as: SIMD8<Float>.self)
      }
      for place in stride(from: 0, to: vectors, by: 24) {
        write(place, mean0, std0)
        write(place + 8, mean1, std1)
        write(place + 16, mean2, std2)
      }
      for place in vectors..<count {
        target[place] =
          (Float(pixels[place]) / 255 - mean[place % channels]) / std[place % channels]
      }
    }
  }
}
