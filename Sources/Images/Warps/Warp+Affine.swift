import Glibc

extension Warp {
  /// Turns counter-clockwise around the middle, as Pillow's `Image.rotate` and so torchvision's `rotate`.
  package static func rotation(degrees: Double, of size: ImageSize) -> Warp {
    let angle = -(degrees.truncatingRemainder(dividingBy: 360)) * .pi / 180
    // Of a right angle, Pillow rounds away what isn't zero.
    func rounded(_ value: Double) -> Double { (value * 1e15).rounded() / 1e15 }
    let (cosine, sine) = (rounded(cos(angle)), rounded(sin(angle)))
    let (x, y) = (Double(size.width) / 2, Double(size.height) / 2)
    return Warp(
      cosine, sine, cosine * -x + sine * -y + x, -sine, cosine, -sine * -x + cosine * -y + y)
  }

  /// Turns clockwise, shears and scales around the middle, then moves: torchvision's `affine`
  /// (`_get_inverse_affine_matrix`).
  ///
  /// - Parameters:
  ///   - move: to the right and down, in pixels.
  ///   - shear: of the x axis and of the y axis, in degrees.
  package static func affine(
    degrees: Double, move: (x: Double, y: Double) = (0, 0), scale: Double = 1,
    shear: (x: Double, y: Double) = (0, 0), of size: ImageSize
  ) -> Warp {
    affine(
      degrees: degrees, move: move, scale: scale, shear: shear,
      around: (Double(size.width) * 0.5, Double(size.height) * 0.5))
  }

  /// The same around any point.
  package static func affine(
    degrees: Double, move: (x: Double, y: Double) = (0, 0), scale: Double = 1,
    shear: (x: Double, y: Double) = (0, 0), around center: (x: Double, y: Double)
  ) -> Warp {
    let angle = degrees * .pi / 180
    let (sx, sy) = (shear.x * .pi / 180, shear.y * .pi / 180)
    let a = cos(angle - sy) / cos(sy)
    let b = -cos(angle - sy) * tan(sx) / cos(sy) - sin(angle)
    let c = sin(angle - sy) / cos(sy)
    let d = -sin(angle - sy) * tan(sx) / cos(sy) + cos(angle)
    let (left, up) = (-center.x - move.x, -center.y - move.y)
    return Warp(
      d / scale, -b / scale, d / scale * left + -b / scale * up + center.x,
      -c / scale, a / scale, -c / scale * left + a / scale * up + center.y)
  }
}
