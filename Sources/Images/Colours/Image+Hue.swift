import CProcessor

extension Image {
  private typealias Vector = SIMD8<Float>

  /// Turns all hues by a share of the colour circle; torchvision's `adjust_hue`, which computes in Float
  /// (Pillow's HSV has 8 bits). Grey images have no hue.
  ///
  /// With v the largest channel and c its distance from the smallest, a channel is
  /// v − c·max(0, min(k, 4 − k, 1)) with k = (n + 6·hue) mod 6 and n = 5, 3, 1 for red, green, blue.
  package mutating func adjustHue(_ shift: Double) {
    if channels == 1 || shift == 0 { return }
    let shift = SIMD8(repeating: Float(6 * shift))
    let (one, two) = (Vector(repeating: 1), Vector(repeating: 2))
    let (four, six) = (Vector(repeating: 4), Vector(repeating: 6))
    let sixth = Vector(repeating: 1.0 / 6)
    // As values from 0 to 1 become bytes there, times 255.999.
    let bytes = Vector(repeating: 255.999 / 255)
    mapPixels { pixels in
      let red = tutti_floats(tutti_red(pixels))
      let green = tutti_floats(tutti_green(pixels))
      let blue = tutti_floats(tutti_blue(pixels))
      let value = tutti_larger(red, tutti_larger(green, blue))
      let chroma = value - tutti_smaller(red, tutti_smaller(green, blue))
      // Where there is no chroma, any hue will do.
      let divisor = tutti_choose(chroma, .zero, one, chroma)
      // The difference that counts is that of the two channels behind the largest.
      @inline(__always)
      func byLargest(_ ofRed: Vector, _ ofGreen: Vector, _ ofBlue: Vector) -> Vector {
        tutti_choose(value, red, ofRed, tutti_choose(value, green, ofGreen, ofBlue))
      }
      let (first, second) = (byLargest(green, blue, red), byLargest(blue, red, green))
      let hue = byLargest(.zero, two, four) + (first - second) / divisor + shift
      @inline(__always)
      func channel(_ number: Float) -> SIMD8<Int32> {
        var k = hue + Vector(repeating: number)
        k -= six * tutti_floor(k * sixth)
        let share = tutti_larger(tutti_smaller(tutti_smaller(k, four - k), one), .zero)
        return tutti_rounded_down((value - chroma * share) * bytes)
      }
      return tutti_pixels(channel(5), channel(3), channel(1))
    }
  }
}
