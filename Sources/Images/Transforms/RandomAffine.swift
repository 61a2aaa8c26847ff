/// Turns, moves, scales and shears the image around its middle, each by an amount of its own;
/// torchvision's `RandomAffine`.
package struct RandomAffine: PixelTransform {
  package static let word = "random-affine"
  /// Clockwise, up to so many either way, or from and to.
  package var degrees: [Double] = [0]
  /// The most, as shares of width and height; whole pixels are drawn.
  package var translate: [Double] = [0, 0]
  package var scale: [Double] = [1, 1]
  /// In degrees: of the x axis up to so much either way, or from and to; with four, of both axes.
  package var shear: [Double] = [0]
  package var interpolation = WarpInterpolation.nearest
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.numbers("degrees", &degrees, oneOr: [2], in: -180...180)
    keys.numbers("translate", &translate, count: 2, in: 0...1)
    keys.numbers("scale", &scale, count: 2, in: 0.01...100)
    keys.numbers("shear", &shear, oneOr: [2, 4], in: -89...89)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  package var mismatch: Mismatch? {
    if degrees == [0], translate == [0, 0], scale == [1, 1], shear == [0] {
      return Mismatch(nil, "degrees, translate, scale or shear, without which nothing changes")
    }
    let ranges = [
      ("degrees", degrees), ("scale", scale), ("shear", Array(shear.prefix(2))),
      ("shear", Array(shear.dropFirst(2))),
    ]
    return ranges.lazy.compactMap { mismatchOfRange($0, $1) }.first
  }

  /// Uses draws 0 (angle), 1 and 2 (move), 3 (scale), 4 and 5 (shear).
  package func apply(to image: inout Image, _ draws: Draws) {
    func pixels(_ index: Int, share: Double, of extent: Int) -> Double {
      let most = share * Double(extent)
      return draws.uniform(index, in: -most...most).rounded(.toNearestOrEven)
    }
    let angle = draws.uniform(0, in: range(degrees))
    let move = (
      x: pixels(1, share: translate[0], of: image.width),
      y: pixels(2, share: translate[1], of: image.height)
    )
    let scale = draws.uniform(3, in: range(scale))
    let shear = (
      x: draws.uniform(4, in: range(shear.prefix(2))),
      y: shear.count == 4 ? draws.uniform(5, in: shear[2]...shear[3]) : 0
    )
    draws.note("degrees", .number(angle))
    draws.note("translate", .numbers([move.x, move.y]))
    draws.note("scale", .number(scale))
    draws.note("shear", .numbers([shear.x, shear.y]))
    Warp.affine(degrees: angle, move: move, scale: scale, shear: shear, of: image.size)
      .apply(to: &image, interpolation, fill: fill)
  }
}
