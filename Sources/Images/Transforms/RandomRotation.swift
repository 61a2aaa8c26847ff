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

  package var mismatch: String? { mismatchOfRange(degrees) }

  /// Uses draw 0.
  package func apply(to image: inout Image, _ draws: Draws) {
    let angle = draws.uniform(0, in: range(degrees))
    draws.note("degrees", .number(angle))
    Warp.rotation(degrees: angle, of: image.size).apply(to: &image, interpolation, fill: fill)
  }
}

/// A number is a range around zero.
func range(_ numbers: [Double]) -> ClosedRange<Double> {
  numbers.count == 1 ? -abs(numbers[0])...abs(numbers[0]) : numbers[0]...max(numbers[0], numbers[1])
}

/// What is allowed for a range, if its ends are the wrong way round.
func mismatchOfRange(_ numbers: [Double]) -> String? {
  guard numbers.count == 2, numbers[0] > numbers[1] else { return nil }
  return "a range [from, to] with `from` no greater than `to`"
}
