/// Mirrors the image left to right with a probability.
package struct RandomHorizontalFlip: PixelTransform {
  package static let word = "random-horizontal-flip"
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
    let (height, width, channels) = (image.height, image.width, image.channels)
    image.withMutablePixels { pixels in
      for y in 0..<height {
        var left = y * width * channels
        var right = left + (width - 1) * channels
        while left < right {
          for channel in 0..<channels {
            swap(&pixels[left + channel], &pixels[right + channel])
          }
          left += channels
          right -= channels
        }
      }
    }
  }
}
