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

  /// Of three channels, four bytes are moved at once, of which the next pixel overwrites the last.
  private func mirror(
    _ row: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, _ width: Int,
    channels: Int
  ) {
    guard channels == 3 else {
      for x in 0..<width { target[x] = row[width - 1 - x] }
      return
    }
    var from = UnsafeRawPointer(row + 3 * width)
    var to = UnsafeMutableRawPointer(target)
    for _ in 0..<width {
      from -= 3
      to.storeBytes(of: from.loadUnaligned(as: UInt32.self), as: UInt32.self)
      to += 3
    }
  }
}
