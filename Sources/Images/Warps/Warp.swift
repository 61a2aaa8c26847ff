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

  /// Without perspective.
  var isAffine: Bool { g == 0 && h == 0 }

  /// Warps the image; its size stays.
  package func apply(
    to image: inout Image, _ interpolation: WarpInterpolation, fill: FillColour
  ) {
    image = image.mapped(height: image.height, width: image.width) { source, target in
      fill.fill(target, image.size, channels: image.channels)
      let view = PixelView(source, image.size, channels: image.channels)
      switch interpolation {
      case .nearest where isAffine && b == 0 && d == 0: takeScaled(view, target)
      case .nearest where isAffine: takeTurned(view, target)
      case .nearest: interpolate(view, target, offset: 0) { view.copy($0, $1, to: $4) }
      case .bilinear: interpolate(view, target, offset: 0.5, view.bilinear)
      case .bicubic: interpolate(view, target, offset: 0.5, view.bicubic)
      }
    }
  }
}
