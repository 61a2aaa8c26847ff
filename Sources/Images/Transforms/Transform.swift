package import Tensors

/// One entry of a recipe's `augment` list: a `PixelTransform`, `Normalize` or a `FloatTransform`. It
/// has a file of its own, with its word and keys, and a line in `Transforms.swift`.
package protocol Transform: Sendable {
  /// What it is called in a recipe: `random-horizontal-flip`.
  static var word: String { get }
  /// What stands for it when none of its keys is set, as in `normalize: auto`.
  static var openWord: String? { get }
  /// Draws random numbers, and so is left out in evaluation.
  var isRandom: Bool { get }
  /// What is allowed, if the keys don't go together; nil if they do.
  var mismatch: String? { get }

  /// With its defaults.
  ///
  /// - Parameter imageSize: the side of the square images that the net takes.
  init(imageSize: Int)

  /// Shows its keys one after the other, to be read or written; the first is the one that a bare
  /// value means, as in `resize: 224`.
  mutating func show(_ keys: inout some TransformKeys)
}

extension Transform {
  package static var openWord: String? { nil }
  package var isRandom: Bool { false }
  package var mismatch: String? { nil }
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
