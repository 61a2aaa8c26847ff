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
    guard draws.uniform(0) < Float(probability) else { return }
    let (rows, length) = (image.height, image.width * image.channels)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for row in 0..<(rows / 2) {
        let other = (rows - 1 - row) * length
        for place in 0..<length { pixels.swapAt(row * length + place, other + place) }
      }
    }
  }
}
