/// Brightness, contrast, saturation and sharpness as Pillow's `ImageEnhance`, which is torchvision's rule:
/// the image blended with one that lacks the quality, factor 1 leaving it as it is. Each rounds down to 8
/// bits, as `Image.blend` does, in Float as there: bit for bit.
extension Image {
  /// Blended with black.
  package mutating func adjustBrightness(_ factor: Double) {
    if factor == 1 { return }
    let factor = SIMD8(repeating: Float(factor))
    mapFloats { factor * $0 }
  }

  /// Blended with the grey that is the mean of its luminance, rounded.
  package mutating func adjustContrast(_ factor: Double) {
    if factor == 1 { return }
    let factor = SIMD8(repeating: Float(factor))
    let mean = SIMD8(repeating: Float(meanLuminance))
    mapFloats { mean + factor * ($0 - mean) }
  }

  /// Blended with its luminance.
  package mutating func adjustSaturation(_ factor: Double) {
    if channels == 1 || factor == 1 { return }
    let factor = SIMD8(repeating: Float(factor))
    mapPixels { pixels in
      let grey = SIMD8<Float>(pixels.luminance)
      @inline(__always)
      func blended(_ channel: EightPixels.Lanes) -> EightPixels.Lanes {
        (grey + factor * (SIMD8<Float>(channel) - grey)).wholeBytes
      }
      return EightPixels(
        red: blended(pixels.red), green: blended(pixels.green), blue: blended(pixels.blue))
    }
  }

  /// Blended with itself, blurred by a kernel of 1 1 1, 1 5 1, 1 1 1 over 13; the outermost pixels aren't
  /// blurred.
  package mutating func adjustSharpness(_ factor: Double) {
    if height < 3 || width < 3 || factor == 1 { return }
    let factor = SIMD8(repeating: Float(factor))
    let (stride, channels) = (width * channels, channels)
    self = mapped(height: height, width: width) { source, target in
      target.update(from: source, count: count)
      for y in 1..<(height - 1) {
        let (row, into) = (source + y * stride, target + y * stride)
        for place in Swift.stride(from: channels, to: stride - channels, by: 8) {
          @inline(__always)
          func value(_ offset: Int) -> SIMD8<Int32> {
            let bytes = UnsafeRawPointer(row + (place + offset))
              .loadUnaligned(as: SIMD8<UInt8>.self)
            return SIMD8(truncatingIfNeeded: bytes)
          }
          @inline(__always)
          func line(_ offset: Int) -> SIMD8<Int32> {
            value(offset - channels) &+ value(offset) &+ value(offset + channels)
          }
          let own = value(0)
          let sum = line(-stride) &+ line(0) &+ line(stride) &+ (own &<< SIMD8(repeating: 2))
          // Thirteenths are rounded to the nearest, as Pillow's filter does: (2·sum + 13) / 26, by a
          // multiplication that is exact up to 13·255.
          let doubled = (sum &<< SIMD8(repeating: 1)) &+ SIMD8(repeating: 13)
          let smooth = SIMD8<Float>((doubled &* SIMD8(repeating: 80660)) &>> SIMD8(repeating: 21))
          (smooth + factor * (SIMD8<Float>(own) - smooth)).wholeBytes
            .storeBytes(to: into + place)
        }
        // Vectors run over the end of the row, into the border and the row below.
        (into + (stride - channels)).update(from: row + (stride - channels), count: channels + 8)
      }
    }
  }

  /// The mean of all luminances, rounded: Pillow's `ImageStat` of `convert("L")`.
  private var meanLuminance: Int {
    let (count, area) = (count, height * width)
    let sum = withPixels { pixels in
      if channels == 1 { return (0..<count).reduce(0) { $0 &+ Int(pixels[$1]) } }
      var sum = 0
      // So few that 32 bits are enough.
      for first in Swift.stride(from: 0, to: area, by: 1 << 16) {
        let end = min(first + 1 << 16, area)
        var sums = EightPixels.Lanes.zero
        for pixel in Swift.stride(from: first, to: end, by: 8) {
          let grey = EightPixels(pixels + 3 * pixel).luminance
          let left = EightPixels.Lanes(repeating: Int32(end - pixel))
          sums &+= grey.replacing(with: EightPixels.Lanes.zero, where: EightPixels.numbers .>= left)
        }
        sum += Int(sums.wrappedSum())
      }
      return sum
    }
    return Int(Double(sum) / Double(area) + 0.5)
  }
}
