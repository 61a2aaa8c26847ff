import CProcessor

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
      let grey = tutti_floats(tutti_luminance(pixels))
      @inline(__always)
      func blended(_ channel: SIMD8<Int32>) -> SIMD8<Int32> {
        tutti_rounded_down(grey + factor * (tutti_floats(channel) - grey))
      }
      return tutti_pixels(
        blended(tutti_red(pixels)), blended(tutti_green(pixels)), blended(tutti_blue(pixels)))
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
            tutti_load_bytes(row + (place + offset))
          }
          @inline(__always)
          func line(_ offset: Int) -> SIMD8<Int32> {
            value(offset - channels) &+ value(offset) &+ value(offset + channels)
          }
          let own = value(0)
          let sum = line(-stride) &+ line(0) &+ line(stride) &+ SIMD8(repeating: 4) &* own
          let smooth = tutti_floats(tutti_thirteenth(sum))
          tutti_rounded_down(smooth + factor * (tutti_floats(own) - smooth))
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
        var sums = SIMD8<Int32>.zero
        for pixel in Swift.stride(from: first, to: end, by: 8) {
          let grey = tutti_luminance(tutti_load_pixels(pixels + 3 * pixel))
          sums &+= tutti_first(grey, Int32(end - pixel))
        }
        sum += Int(sums.wrappedSum())
      }
      return sum
    }
    return Int(Double(sum) / Double(area) + 0.5)
  }
}
