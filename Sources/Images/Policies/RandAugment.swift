/// Operations chosen at random, all of one strength; torchvision's `RandAugment` (Cubuk et al. 2019).
package struct RandAugment: PixelTransform {
  package static let word = "rand-augment"
  /// Operations for each image, of 14, with repetition.
  package var operations = 2
  /// The bin of their strength.
  package var magnitude = 9
  package var bins = 31
  package var interpolation = WarpInterpolation.nearest
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  static let choices = AugmentOperation.allCases.filter { $0 != .invert }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("magnitude", &magnitude, in: 0...99)
    keys.integer("operations", &operations, in: 0...100)
    keys.integer("bins", &bins, in: 2...100)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  package var mismatch: Mismatch? {
    magnitude < bins ? nil : Mismatch("magnitude", "a number below that of `bins`, \(bins)")
  }

  /// Operation k uses draws 2k (which) and 2k + 1 (its sign).
  package func apply(to image: inout Image, _ draws: Draws) {
    let magnitudes = Magnitudes.randAugment(bins: bins)
    for number in 0..<operations {
      let operation = Self.choices[draws.integer(2 * number, below: Self.choices.count)]
      draws.apply(
        operation, magnitudes, bin: magnitude, sign: 2 * number + 1, to: &image,
        interpolation, fill: fill)
    }
  }
}

extension Draws {
  /// Does an operation of a policy with the strength of a bin; draw `sign` may turn it round.
  func apply(
    _ operation: AugmentOperation, _ magnitudes: Magnitudes, bin: Int, sign: Int,
    to image: inout Image, _ interpolation: WarpInterpolation, fill: FillColour
  ) {
    var magnitude = magnitudes.magnitude(of: operation, bin: bin, image.size)
    if operation.isSigned, happens(sign, probability: 0.5) { magnitude = -magnitude }
    note(operation.rawValue, .number(magnitude))
    operation.apply(to: &image, magnitude: magnitude, interpolation, fill: fill)
  }
}
