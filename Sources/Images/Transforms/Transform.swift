package import Tensors

/// One entry of a recipe's `augment` list: a `PixelTransform`, `Normalize` or a `FloatTransform`.
package protocol Transform: Sendable {
  /// Draws random numbers, and so is left out in evaluation.
  var isRandom: Bool { get }
}

/// A transform of 8-bit pixels: what comes before `Normalize`.
package protocol PixelTransform: Transform {
  /// The size of what `apply` makes of an image of the given size. Nil stands for a size that
  /// differs from image to image.
  func outputSize(_ size: ImageSize?) -> ImageSize?

  func apply(to image: inout Image, _ draws: Draws)
}

extension PixelTransform {
  package func outputSize(_ size: ImageSize?) -> ImageSize? { size }
}

/// A transform of the floats that come out of `Normalize`; it keeps their shape.
package protocol FloatTransform: Transform {
  /// - Parameter floats: `[H, W, C]` of this shape.
  func apply(to floats: UnsafeMutablePointer<Float>, _ shape: Shape, _ draws: Draws)
}
