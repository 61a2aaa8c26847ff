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
    image = image.mapped(height: image.height, width: image.width) { source, target in
      let line = image.width * image.channels
      for first in stride(from: 0, to: image.count, by: line) {
        mirror(source + first, into: target + first, image.width, channels: image.channels)
      }
    }
  }

  private func mirror(
    _ row: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, _ width: Int,
    channels: Int
  ) {
    if channels == 3 {
      writeColourPixels(width, to: target) { row + 3 &* (width &- 1 &- $0) }
    } else {
      for x in 0..<width { target[x] = row[width - 1 - x] }
    }
  }
}
