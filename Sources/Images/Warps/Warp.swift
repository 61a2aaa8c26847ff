/// A map of the plane: the middle of an output pixel at (x, y) shows what the input has at
/// ((a·x + b·y + c) / (g·x + h·y + 1), (d·x + e·y + f) / (g·x + h·y + 1)), in pixels from the upper left
/// corner. What lies outside the input is filled.
///
/// As `Image.transform` of Pillow 13 (`src/libImaging/Geometry.c`): affine maps without interpolation
/// are in fixed point and bit for bit the same.
package struct Warp: Equatable, Sendable {
  package let a, b, c, d, e, f, g, h: Double

  package init(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double,
    _ g: Double = 0, _ h: Double = 0
  ) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
    (self.e, self.f, self.g, self.h) = (e, f, g, h)
  }

  /// Warps the image; its size stays.
  package func apply(
    to image: inout Image, _ interpolation: WarpInterpolation, fill: FillColour
  ) {
    image = image.mapped(height: image.height, width: image.width) { source, target in
      fill.fill(target, image.size, channels: image.channels)
      let view = PixelView(source, image.size, channels: image.channels)
      switch interpolation {
      case .nearest where g == 0 && h == 0: takeNearest(view, target)
      case .nearest:
        forEachPixel(of: view, target) { x, y, target in
          view.copy(Int(x), Int(y), to: target)
        }
      case .bilinear: forEachPixel(of: view, target, view.bilinear)
      case .bicubic: forEachPixel(of: view, target, view.bicubic)
      }
    }
  }

  /// Calls `body` with each place inside the input and where its value belongs.
  @inline(__always)
  private func forEachPixel(
    of view: PixelView, _ target: UnsafeMutablePointer<UInt8>,
    _ body: (Double, Double, UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let (width, height) = (Double(view.width), Double(view.height))
    var pixel = target
    for row in 0..<view.height {
      let y = Double(row) + 0.5
      for column in 0..<view.width {
        let x = Double(column) + 0.5
        let scale = g * x + h * y + 1
        let (left, top) = ((a * x + b * y + c) / scale, (d * x + e * y + f) / scale)
        if left >= 0, left < width, top >= 0, top < height { body(left, top, pixel) }
        pixel += view.channels
      }
    }
  }

  /// An affine map in 16.16 fixed point, one addition a pixel; a map that turns nothing and shears
  /// nothing in Double.
  private func takeNearest(_ view: PixelView, _ target: UnsafeMutablePointer<UInt8>) {
    if b == 0 && d == 0 { return takeScaled(view, target) }
    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    let right = (x: fixed(a), y: fixed(d))
    let down = (x: fixed(b), y: fixed(e))
    var start = (x: fixed(c + a * 0.5 + b * 0.5), y: fixed(f + d * 0.5 + e * 0.5))
    var pixel = target
    for _ in 0..<view.height {
      var place = start
      for _ in 0..<view.width {
        let (x, y) = (place.x >> 16, place.y >> 16)
        if x >= 0, x < view.width, y >= 0, y < view.height { view.copy(x, y, to: pixel) }
        pixel += view.channels
        place.x &+= right.x
        place.y &+= right.y
      }
      start.x += down.x
      start.y += down.y
    }
  }

  /// Places are sums of steps, as Pillow adds them up.
  private func takeScaled(_ view: PixelView, _ target: UnsafeMutablePointer<UInt8>) {
    var y = f + e * 0.5
    var pixel = target
    for _ in 0..<view.height {
      let isInside = y >= 0 && y < Double(view.height)
      var x = c + a * 0.5
      for _ in 0..<view.width {
        if isInside, x >= 0, x < Double(view.width) { view.copy(Int(x), Int(y), to: pixel) }
        pixel += view.channels
        x += a
      }
      y += e
    }
  }
}
