/// Mirrors the image left to right with a probability.
package struct RandomHorizontalFlip: PixelTransform {
  package let probability: Float
  package let isRandom = true

  package init(probability: Float = 0.5) { self.probability = probability }

  /// Uses draw 0.
  package func apply(to image: inout Image, _ draws: Draws) {
    guard draws.uniform(0) < probability else { return }
    let (height, width, channels) = (image.height, image.width, image.channels)
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<height {
        var left = y * width * channels
        var right = left + (width - 1) * channels
        while left < right {
          for channel in 0..<channels { pixels.swapAt(left + channel, right + channel) }
          left += channels
          right -= channels
        }
      }
    }
  }
}
