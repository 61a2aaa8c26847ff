import CProcessor

/// How a warp finds pixels between pixels.
package enum WarpInterpolation: String, CaseIterable, Sendable {
  case nearest
  case bilinear
  /// With a = −1, as in Pillow's `transform` and torchvision's `grid_sample`; that of resizing is −0.5.
  case bicubic
}

/// The pixels of an image while it is warped.
///
/// Between pixels, values are Pillow's: computed from the neighbours, the outermost pixels repeated
/// beyond the edge, and rounded down. Pillow computes in Double; Float differs by one where the exact
/// value is close to a whole number.
struct PixelView {
  let pixels: UnsafePointer<UInt8>
  let width: Int
  let height: Int
  let channels: Int

  init(_ pixels: UnsafePointer<UInt8>, _ size: ImageSize, channels: Int) {
    self.pixels = pixels
    (width, height) = (size.width, size.height)
    self.channels = channels
  }

  @inline(__always)
  func copy(_ x: Int, _ y: Int, to target: UnsafeMutablePointer<UInt8>) {
    target.update(from: pixels + (y &* width &+ x) &* channels, count: channels)
  }

  /// Fills columns of an output's row with neighbouring pixels, from number `place` on.
  func copyLine(
    _ columns: Range<Int>, of row: Int, from place: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    (target + (row * width + columns.lowerBound) * channels).update(
      from: pixels + place * channels, count: columns.count * channels)
  }

  /// Fills columns of an output's row with the pixels of the numbers that `place` gives, one after the
  /// other.
  @inline(__always)
  func copyLine(
    _ columns: Range<Int>, of row: Int, to target: UnsafeMutablePointer<UInt8>,
    _ place: (_ column: Int) -> Int
  ) {
    let first = columns.lowerBound
    let out = target + (row * width + first) * channels
    if channels == 3 {
      writeColourPixels(columns.count, to: out) { pixels + 3 &* place(first &+ $0) }
    } else {
      for column in columns { out[column &- first] = pixels[place(column)] }
    }
  }

  /// The value between the 2 × 2 pixels of which this is the upper left one.
  @inline(__always)
  func bilinear(
    _ x: Int, _ y: Int, _ dx: Float, _ dy: Float, to target: UnsafeMutablePointer<UInt8>
  ) {
    let (left, right) = (max(x, 0), min(x &+ 1, width &- 1))
    let upper = pixels + max(y, 0) &* width &* channels
    let lower = pixels + min(y &+ 1, height &- 1) &* width &* channels
    /// A pixel of the upper row and that below it.
    @inline(__always)
    func both(_ x: Int) -> SIMD8<Float> {
      tutti_floats(tutti_load_both(upper + x &* channels, lower + x &* channels))
    }
    let first = both(left)
    let lines = first + (both(right) - first) * SIMD8(repeating: dx)
    let above = lines.lowHalf
    store(above + (lines.highHalf - above) * SIMD4(repeating: dy), to: target)
  }

  /// The value between the same pixels, from the 4 × 4 around them.
  @inline(__always)
  func bicubic(
    _ x: Int, _ y: Int, _ dx: Float, _ dy: Float, to target: UnsafeMutablePointer<UInt8>
  ) {
    func curve(
      _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>, _ t: Float
    ) -> SIMD4<Float> {
      let t = SIMD4(repeating: t)
      let (first, second) = (c - a, SIMD4(repeating: 2) * (a - b) + c - d)
      let third = b - a - c + d
      return b + t * (first + t * (second + t * third))
    }
    func line(_ y: Int) -> SIMD4<Float> {
      curve(pixel(x &- 1, y), pixel(x, y), pixel(x &+ 1, y), pixel(x &+ 2, y), dx)
    }
    store(curve(line(y &- 1), line(y), line(y &+ 1), line(y &+ 2), dy), to: target)
  }

  /// The channels of the nearest pixel inside; what stands behind the last channel is of no use.
  @inline(__always)
  private func pixel(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let (x, y) = (min(max(x, 0), width &- 1), min(max(y, 0), height &- 1))
    let place = pixels + (y &* width &+ x) &* channels
    return tutti_floats(tutti_load_both(place, place)).lowHalf
  }

  @inline(__always)
  private func store(_ value: SIMD4<Float>, to target: UnsafeMutablePointer<UInt8>) {
    let bytes = tutti_rounded_down4(value)
    target[0] = bytes[0]
    if channels == 3 {
      target[1] = bytes[1]
      target[2] = bytes[2]
    }
  }
}
