/// One of 25 pairs of operations that were found by search; torchvision's `AutoAugment` (Cubuk et al.
/// 2018).
package struct AutoAugment: PixelTransform {
  package static let word = "auto-augment"

  package enum Policy: String, CaseIterable, Sendable {
    case imagenet
    case cifar10
  }

  package var policy = Policy.imagenet
  package var interpolation = WarpInterpolation.nearest
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.choice("policy", &policy)
    keys.choice("interpolation", &interpolation)
    keys.fill(&fill)
  }

  /// Uses draws 0 (the pair), 1 and 3 (whether), 2 and 4 (signs).
  package func apply(to image: inout Image, _ draws: Draws) {
    let pairs = Self.pairs(of: policy)
    let number = draws.integer(0, below: pairs.count)
    draws.note("pair", .number(Double(number)))
    for (step, part) in pairs[number].enumerated()
    where draws.happens(1 + 2 * step, probability: part.probability) {
      draws.apply(
        part.operation, .autoAugment, bin: part.bin, sign: 2 + 2 * step, to: &image, interpolation,
        fill: fill)
    }
  }

  package typealias Part = (operation: AugmentOperation, probability: Double, bin: Int)

  /// Pairs that stand in a table twice are twice as likely.
  package static func pairs(of policy: Policy) -> [[Part]] {
    switch policy {
    case .imagenet: imagenet
    case .cifar10: cifar10
    }
  }

  private static let imagenet: [[Part]] = [
    [(.posterize, 0.4, 8), (.rotate, 0.6, 9)],
    [(.solarize, 0.6, 5), (.autoContrast, 0.6, 0)],
    [(.equalize, 0.8, 0), (.equalize, 0.6, 0)],
    [(.posterize, 0.6, 7), (.posterize, 0.6, 6)],
    [(.equalize, 0.4, 0), (.solarize, 0.2, 4)],
    [(.equalize, 0.4, 0), (.rotate, 0.8, 8)],
    [(.solarize, 0.6, 3), (.equalize, 0.6, 0)],
    [(.posterize, 0.8, 5), (.equalize, 1.0, 0)],
    [(.rotate, 0.2, 3), (.solarize, 0.6, 8)],
    [(.equalize, 0.6, 0), (.posterize, 0.4, 6)],
    [(.rotate, 0.8, 8), (.color, 0.4, 0)],
    [(.rotate, 0.4, 9), (.equalize, 0.6, 0)],
    [(.equalize, 0.0, 0), (.equalize, 0.8, 0)],
    [(.invert, 0.6, 0), (.equalize, 1.0, 0)],
    [(.color, 0.6, 4), (.contrast, 1.0, 8)],
    [(.rotate, 0.8, 8), (.color, 1.0, 2)],
    [(.color, 0.8, 8), (.solarize, 0.8, 7)],
    [(.sharpness, 0.4, 7), (.invert, 0.6, 0)],
    [(.shearX, 0.6, 5), (.equalize, 1.0, 0)],
    [(.color, 0.4, 0), (.equalize, 0.6, 0)],
    [(.equalize, 0.4, 0), (.solarize, 0.2, 4)],
    [(.solarize, 0.6, 5), (.autoContrast, 0.6, 0)],
    [(.invert, 0.6, 0), (.equalize, 1.0, 0)],
    [(.color, 0.6, 4), (.contrast, 1.0, 8)],
    [(.equalize, 0.8, 0), (.equalize, 0.6, 0)],
  ]

  private static let cifar10: [[Part]] = [
    [(.invert, 0.1, 0), (.contrast, 0.2, 6)],
    [(.rotate, 0.7, 2), (.translateX, 0.3, 9)],
    [(.sharpness, 0.8, 1), (.sharpness, 0.9, 3)],
    [(.shearY, 0.5, 8), (.translateY, 0.7, 9)],
    [(.autoContrast, 0.5, 0), (.equalize, 0.9, 0)],
    [(.shearY, 0.2, 7), (.posterize, 0.3, 7)],
    [(.color, 0.4, 3), (.brightness, 0.6, 7)],
    [(.sharpness, 0.3, 9), (.brightness, 0.7, 9)],
    [(.equalize, 0.6, 0), (.equalize, 0.5, 0)],
    [(.contrast, 0.6, 7), (.sharpness, 0.6, 5)],
    [(.color, 0.7, 7), (.translateX, 0.5, 8)],
    [(.equalize, 0.3, 0), (.autoContrast, 0.4, 0)],
    [(.translateY, 0.4, 3), (.sharpness, 0.2, 6)],
    [(.brightness, 0.9, 6), (.color, 0.2, 8)],
    [(.solarize, 0.5, 2), (.invert, 0.0, 0)],
    [(.equalize, 0.2, 0), (.autoContrast, 0.6, 0)],
    [(.equalize, 0.2, 0), (.equalize, 0.6, 0)],
    [(.color, 0.9, 9), (.equalize, 0.6, 0)],
    [(.autoContrast, 0.8, 0), (.solarize, 0.2, 8)],
    [(.brightness, 0.1, 3), (.color, 0.7, 0)],
    [(.solarize, 0.4, 5), (.autoContrast, 0.9, 0)],
    [(.translateY, 0.9, 9), (.translateY, 0.7, 9)],
    [(.autoContrast, 0.9, 0), (.solarize, 0.8, 3)],
    [(.equalize, 0.8, 0), (.invert, 0.1, 0)],
    [(.translateY, 0.7, 9), (.autoContrast, 0.9, 0)],
  ]
}
