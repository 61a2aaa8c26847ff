/// Turns the image by an angle drawn from a range, counter-clockwise around its middle; torchvision's
/// `RandomRotation`.
package struct RandomRotation: PixelTransform {
  package static let word = "random-rotation"
  /// Up to so many either way, or from and to.
  package var degrees: [Double] = [15]
  package var interpolation = WarpInterpolation.nearest
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.numbers("degrees", &degrees, oneOr: [2], in: -180...180)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  package var mismatch: Mismatch? { mismatchOfRange("degrees", degrees) }

  /// Uses draw 0.
  package func apply(to image: inout Image, _ draws: Draws) {
    let angle = draws.uniform(0, in: range(degrees))
    draws.note("degrees", .number(angle))
    Warp.rotation(degrees: angle, of: image.size).apply(to: &image, interpolation, fill: fill)
  }
}
