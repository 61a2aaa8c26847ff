/// Brightness, contrast, saturation and sharpness as Pillow's `ImageEnhance`, which is torchvision's rule:
/// the image blended with one that lacks the quality, factor 1 leaving it as it is. Each rounds down to 8
/// bits, as `Image.blend` does, in Float as there: bit for bit.
extension Image {
  /// Blended with black.
  package mutating func adjustBrightness(_ factor: Double) {
    if factor == 1 { return }
    let factor = Float(factor)
    mapBytes { factor * $0 }
  }

  /// Blended with the grey that is the mean of its luminance, rounded.
  package mutating func adjustContrast(_ factor: Double) {
    if factor == 1 { return }
    let (factor, mean) = (Float(factor), Float(meanLuminance))
    mapBytes { mean + factor * ($0 - mean) }
  }

  /// Blended with its luminance.
  package mutating func adjustSaturation(_ factor: Double) {
    if channels == 1 || factor == 1 { return }
    let (factor, area) = (Float(factor), height * width)
    withMutablePixels { pixels in
      for pixel in 0..<area {
        let place = pixels + 3 * pixel
        let grey = Float(luminance(place))
        for channel in 0..<3 {
          place[channel] = byte(grey + factor * (Float(place[channel]) - grey))
        }
      }
    }
  }

  /// Blended with itself, blurred by a kernel of 1 1 1, 1 5 1, 1 1 1 over 13; the outermost pixels aren't
  /// blurred.
  package mutating func adjustSharpness(_ factor: Double) {
    if height < 3 || width < 3 || factor == 1 { return }
    let (factor, stride, channels) = (Float(factor), width * channels, channels)
    self = mapped(height: height, width: width) { source, target in
      target.update(from: source, count: count)
      for y in 1..<(height - 1) {
        for place in (y * stride + channels)..<((y + 1) * stride - channels) {
          let (above, below) = (place - stride, place + stride)
          var sum = 5 * Int32(source[place]) + Int32(source[above]) + Int32(source[below])
          for side in [place, above, below] {
            sum += Int32(source[side - channels]) + Int32(source[side + channels])
          }
          // Thirteenths are rounded to the nearest, as Pillow's filter does.
          let smooth = Float((2 * sum + 13) / 26)
          target[place] = byte(smooth + factor * (Float(source[place]) - smooth))
        }
      }
    }
  }

  /// The mean of all luminances, rounded: Pillow's `ImageStat` of `convert("L")`.
  private var meanLuminance: Int {
    let sum = withPixels { pixels in
      channels == 1
        ? (0..<count).reduce(0) { $0 + Int(pixels[$1]) }
        : (0..<(count / 3)).reduce(0) { $0 + Int(luminance(pixels + 3 * $1)) }
    }
    return Int(Double(sum) / Double(height * width) + 0.5)
  }

  /// Gives each byte another value, by vectors.
  private mutating func mapBytes(_ change: (SIMD8<Float>) -> SIMD8<Float>) {
    let count = count
    withMutablePixels { pixels in
      // The memory is longer than the pixels, by a vector and more.
      for place in stride(from: 0, to: count, by: 8) {
        let raw = UnsafeMutableRawPointer(pixels + place)
        let values = SIMD8<Float>(raw.loadUnaligned(as: SIMD8<UInt8>.self))
        raw.storeBytes(of: bytes(change(values)), as: SIMD8<UInt8>.self)
      }
    }
  }
}

/// ITU-R 601's luminance as Pillow has it, in 16.16 fixed point.
@inline(__always)
func luminance(_ pixel: UnsafePointer<UInt8>) -> UInt8 {
  let sum = 19595 * UInt32(pixel[0]) + 38470 * UInt32(pixel[1]) + 7471 * UInt32(pixel[2])
  return UInt8(truncatingIfNeeded: (sum + 0x8000) >> 16)
}

/// Rounded down, within 0 … 255.
@inline(__always)
func byte(_ value: Float) -> UInt8 { UInt8(min(max(value, 0), 255)) }

/// Rounded down, within 0 … 255: adding 2²³ leaves a whole number in a Float's low bits.
@inline(__always)
func bytes(_ values: SIMD8<Float>) -> SIMD8<UInt8> {
  let whole = values.clamped(lowerBound: .zero, upperBound: SIMD8(repeating: 255)).rounded(.down)
  return SIMD8<UInt8>(
    truncatingIfNeeded: unsafeBitCast(whole + 0x1p23, to: SIMD8<UInt32>.self))
}
