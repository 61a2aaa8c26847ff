extension Image {
  /// Turns all hues by a share of the colour circle; torchvision's `adjust_hue`, which computes in Float
  /// (Pillow's HSV has 8 bits). Grey images have no hue.
  ///
  /// With v the largest channel and c its distance from the smallest, a channel is
  /// v − c·max(0, min(k, 4 − k, 1)) with k = (n + 6·hue) mod 6 and n = 5, 3, 1 for red, green, blue.
  package mutating func adjustHue(_ shift: Double) {
    if channels == 1 || shift == 0 { return }
    let (shift, area) = (Float(6 * shift), height * width)
    withMutablePixels { pixels in
      for first in stride(from: 0, to: area, by: 8) {
        let lanes = min(8, area - first)
        let place = pixels + 3 * first
        var (red, green, blue) = (Colours.zero, Colours.zero, Colours.zero)
        for lane in 0..<lanes {
          red[lane] = Float(place[3 * lane])
          green[lane] = Float(place[3 * lane + 1])
          blue[lane] = Float(place[3 * lane + 2])
        }
        let value = pointwiseMax(red, pointwiseMax(green, blue))
        let chroma = value - pointwiseMin(red, pointwiseMin(green, blue))
        // Where there is no chroma, any hue will do.
        let divisor = chroma.replacing(with: 1, where: chroma .== 0)
        var hue = 4 + (red - green) / divisor
        hue.replace(with: 2 + (blue - red) / divisor, where: value .== green)
        hue.replace(with: (green - blue) / divisor, where: value .== red)
        hue += shift
        func channel(_ number: Float) -> SIMD8<UInt8> {
          var k = hue + number
          k -= 6 * (k * (1.0 / 6)).rounded(.down)
          let share = pointwiseMax(
            pointwiseMin(pointwiseMin(k, 4 - k), Colours(repeating: 1)), .zero)
          // As values from 0 to 1 become bytes there, times 255.999.
          return bytes((value - chroma * share) * (255.999 / 255))
        }
        let (red8, green8, blue8) = (channel(5), channel(3), channel(1))
        for lane in 0..<lanes {
          place[3 * lane] = red8[lane]
          place[3 * lane + 1] = green8[lane]
          place[3 * lane + 2] = blue8[lane]
        }
      }
    }
  }

  private typealias Colours = SIMD8<Float>
}
