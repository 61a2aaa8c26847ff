/// Mirrors the image top to bottom with a probability.
package struct RandomVerticalFlip: PixelTransform {
  package static let word = "random-vertical-flip"
  package var probability: Double
  package var isRandom: Bool { true }

  package init(probability: Double = 0.5) { self.probability = probability }

  package init(imageSize: Int) { self.init() }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.number("probability", &probability, in: 0...1)
  }

  /// Uses draw 0.
  package func apply(to image: inout Image, _ draws: Draws) {
    guard draws.happens(0, probability: probability) else { return }
    draws.note("flipped", .word("yes"))
    let (rows, length) = (image.height, image.width * image.channels)
    image = image.mapped(height: rows, width: image.width) { source, target in
      for row in 0..<rows {
        (target + row * length).update(from: source + (rows - 1 - row) * length, count: length)
      }
    }
  }
}
