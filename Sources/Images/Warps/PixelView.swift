import Glibc

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
    let pixel = pixels + (y &* width &+ x) &* channels
    target[0] = pixel[0]
    if channels == 3 {
      target[1] = pixel[1]
      target[2] = pixel[2]
    }
  }

  /// The value at a place from the 2 × 2 pixels around it.
  @inline(__always)
  func bilinear(_ x: Double, _ y: Double, to target: UnsafeMutablePointer<UInt8>) {
    let (left, top) = (floor(x - 0.5), floor(y - 0.5))
    let (dx, dy) = (Float(x - 0.5 - left), Float(y - 0.5 - top))
    func row(_ y: Int) -> SIMD4<Float> {
      let first = pixel(Int(left), y)
      return first + (pixel(Int(left) &+ 1, y) - first) * dx
    }
    let upper = row(Int(top))
    store(upper + (row(Int(top) &+ 1) - upper) * dy, to: target)
  }

  /// The value at a place from the 4 × 4 pixels around it.
  @inline(__always)
  func bicubic(_ x: Double, _ y: Double, to target: UnsafeMutablePointer<UInt8>) {
    let (left, top) = (floor(x - 0.5), floor(y - 0.5))
    let (dx, dy) = (Float(x - 0.5 - left), Float(y - 0.5 - top))
    func curve(
      _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>, _ t: Float
    ) -> SIMD4<Float> {
      let (first, second) = (c - a, 2 * (a - b) + c - d)
      let third = b - a - c + d
      return b + t * (first + t * (second + t * third))
    }
    func row(_ y: Int) -> SIMD4<Float> {
      let x = Int(left)
      return curve(pixel(x &- 1, y), pixel(x, y), pixel(x &+ 1, y), pixel(x &+ 2, y), dx)
    }
    let y = Int(top)
    store(curve(row(y &- 1), row(y), row(y &+ 1), row(y &+ 2), dy), to: target)
  }

  /// The channels of the nearest pixel inside; what stands behind the last channel is of no use.
  @inline(__always)
  private func pixel(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let (x, y) = (min(max(x, 0), width &- 1), min(max(y, 0), height &- 1))
    let pixel = pixels + (y &* width &+ x) &* channels
    if channels == 1 { return SIMD4(repeating: Float(pixel[0])) }
    return SIMD4<Float>(UnsafeRawPointer(pixel).loadUnaligned(as: SIMD4<UInt8>.self))
  }

  @inline(__always)
  private func store(_ value: SIMD4<Float>, to target: UnsafeMutablePointer<UInt8>) {
    for channel in 0..<channels {
      target[channel] = UInt8(min(max(value[channel], 0), 255))
    }
  }
}
