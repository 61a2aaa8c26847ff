/// Takes the colours away with a probability; torchvision's `RandomGrayscale`, three channels staying
/// three.
package struct RandomGrayscale: PixelTransform {
  package static let word = "random-grayscale"
  package var probability = 0.1
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) { keys.probability(&probability) }

  /// Uses draw 0.
  package func apply(to image: inout Image, _ draws: Draws) {
    guard draws.happens(0, probability: probability) else { return }
    draws.note("grayscale", .word("yes"))
    image.removeColour()
  }
}
