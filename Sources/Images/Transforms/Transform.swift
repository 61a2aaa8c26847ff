package import Tensors

/// One entry of a recipe's `augment` list. It is either a `PixelTransform` or `Normalize`.
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

/// The random numbers of one transform for one place in an epoch's list.
///
/// Transform k of the list as the recipe gives it, counted from zero, has Philox's indices
/// 16k … 16k+15 at that position: adding draws to one transform changes no other's.
package struct Draws: Sendable {
  static let perTransform = 16

  private let random: Philox
  private let position: Int
  private let first: Int

  /// - Parameter random: of the stream `.augmentation` and the epoch.
  package init(_ random: Philox, position: Int, transform: Int) {
    self.random = random
    self.position = position
    first = transform * Self.perTransform
  }

  /// Uniform in [0, 1): the transform's number `index`, below 16.
  package func uniform(_ index: Int) -> Float {
    precondition(index < Self.perTransform, "draw \(index) belongs to the next transform")
    return random.uniform(position: position, index: first + index)
  }
}
