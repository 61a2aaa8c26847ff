/// Brightness, contrast, saturation and hue, each changed by a random factor, in a random order;
/// torchvision's `ColorJitter`.
package struct ColorJitter: PixelTransform {
  package static let word = "color-jitter"
  /// Factors from 1 − x to 1 + x, or from and to; 0 leaves it.
  package var brightness: [Double] = [0]
  package var contrast: [Double] = [0]
  package var saturation: [Double] = [0]
  /// Shares of the colour circle: up to so much either way, or from and to.
  package var hue: [Double] = [0]
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.numbers("brightness", &brightness, oneOr: [2], in: 0...100)
    keys.numbers("contrast", &contrast, oneOr: [2], in: 0...100)
    keys.numbers("saturation", &saturation, oneOr: [2], in: 0...100)
    keys.numbers("hue", &hue, oneOr: [2], in: -0.5...0.5)
  }

  package var mismatch: Mismatch? {
    let parts = [
      ("brightness", brightness), ("contrast", contrast), ("saturation", saturation), ("hue", hue),
    ]
    if parts.allSatisfy({ $0.1 == [0] }) {
      return Mismatch(nil, "brightness, contrast, saturation or hue, without which nothing changes")
    }
    return parts.lazy.compactMap { mismatchOfRange($0, $1) }.first
  }

  private enum Part: String, CaseIterable { case brightness, contrast, saturation, hue }

  /// Uses draws 0 to 2 (the order) and 3 to 6 (the factors of brightness, contrast, saturation, hue).
  package func apply(to image: inout Image, _ draws: Draws) {
    func factor(_ index: Int, _ numbers: [Double]) -> Double {
      numbers.count == 2
        ? draws.uniform(index, in: range(numbers))
        : draws.uniform(index, in: max(0, 1 - numbers[0])...(1 + numbers[0]))
    }
    for number in draws.order(0, of: 4) {
      let part = Part.allCases[number]
      let value =
        switch part {
        case .brightness: factor(3, brightness)
        case .contrast: factor(4, contrast)
        case .saturation: factor(5, saturation)
        case .hue: draws.uniform(6, in: range(hue))
        }
      draws.note(part.rawValue, .number(value))
      switch part {
      case .brightness: image.adjustBrightness(value)
      case .contrast: image.adjustContrast(value)
      case .saturation: image.adjustSaturation(value)
      case .hue: image.adjustHue(value)
      }
    }
  }
}
