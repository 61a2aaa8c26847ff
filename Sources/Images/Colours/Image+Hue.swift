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
    let (one, four, six) = (Vector(repeating: 1), Vector(repeating: 4), Vector(repeating: 6))
    let sixth = Vector(repeating: 1.0 / 6)
    // As values from 0 to 1 become bytes there, times 255.999.
    let bytes = Vector(repeating: 255.999 / 255)
    mapPixels { pixels in
      let red = Vector(pixels.red)
      let green = Vector(pixels.green)
      let blue = Vector(pixels.blue)
      let value = red.maximum(green.maximum(blue))
      let chroma = value - red.minimum(green.minimum(blue))
      // Where there is no chroma, any hue will do.
      let divisor = chroma.replacing(with: one, where: chroma .== .zero)
      // The difference that counts is that of the two channels behind the largest.
      var first = red
      var second = green
      var base = four
      @inline(__always)
      func choose(
        _ a: Vector, _ b: Vector, _ number: Float, where largest: Vector
      ) {
        let isLargest = value .== largest
        first.replace(with: a, where: isLargest)
        second.replace(with: b, where: isLargest)
        base.replace(with: Vector(repeating: number), where: isLargest)
      }
      choose(blue, red, 2, where: green)
      choose(green, blue, 0, where: red)
      let hue = base + (first - second) / divisor + shift
      @inline(__always)
      func channel(_ number: Float) -> EightPixels.Lanes {
        var k = hue + Vector(repeating: number)
        k -= six * (k * sixth).rounded(.down)
        let share = k.minimum(four - k).minimum(one).maximum(.zero)
        return ((value - chroma * share) * bytes).wholeBytes
      }
      return EightPixels(red: channel(5), green: channel(3), blue: channel(1))
    }
  }
}
