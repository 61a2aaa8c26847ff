/// One operation of random strength; torchvision's `TrivialAugmentWide` (Müller and Hutter 2021).
package struct TrivialAugmentWide: PixelTransform {
  package static let word = "trivial-augment-wide"
  package var bins = 31
  package var interpolation = WarpInterpolation.nearest
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("bins", &bins, in: 2...100)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  /// Uses draws 0 (which), 1 (the bin) and 2 (the sign).
  package func apply(to image: inout Image, _ draws: Draws) {
    let choices = RandAugment.choices
    draws.apply(
      choices[draws.integer(0, below: choices.count)], .trivialAugmentWide(bins: bins),
      bin: draws.integer(1, below: bins), sign: 2, to: &image, interpolation, fill: fill)
  }
}
