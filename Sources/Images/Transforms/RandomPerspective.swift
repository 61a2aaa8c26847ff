/// Moves each corner inwards, with a probability; torchvision's `RandomPerspective`.
package struct RandomPerspective: PixelTransform {
  package static let word = "random-perspective"
  /// The most that a corner moves, as a share of half a side.
  package var distortionScale = 0.5
  package var probability = 0.5
  package var interpolation = WarpInterpolation.bilinear
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.number("distortion-scale", &distortionScale, in: 0...1)
    keys.probability(&probability)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  /// Uses draws 0 (whether) and 1 to 8 (the corners from the upper left one clockwise, x and y).
  package func apply(to image: inout Image, _ draws: Draws) {
    guard draws.happens(0, probability: probability) else { return }
    let last = SIMD2(Double(image.width - 1), Double(image.height - 1))
    let from = [
      SIMD2(0, 0), SIMD2(last.x, 0), last, SIMD2(0, last.y),
    ]
    func inwards(_ index: Int, _ extent: Int) -> Double {
      Double(draws.integer(index, below: Int(distortionScale * Double(extent / 2)) + 1))
    }
    let to = from.enumerated().map { number, corner in
      let x = inwards(1 + 2 * number, image.width)
      let y = inwards(2 + 2 * number, image.height)
      return SIMD2(
        corner.x == 0 ? x : last.x - x, corner.y == 0 ? y : last.y - y)
    }
    draws.note("corners", .numbers(to.flatMap { [$0.x, $0.y] }))
    Warp.perspective(from: from, to: to).apply(to: &image, interpolation, fill: fill)
  }
}
