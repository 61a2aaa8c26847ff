package import Tensors

/// One entry of a recipe's `augment` list: a `PixelTransform`, `Normalize` or a `FloatTransform`. It
/// has a file of its own, with its word and keys, and a line in `Transforms.swift`.
package protocol Transform: Sendable {
  /// What it is called in a recipe: `random-horizontal-flip`.
  static var word: String { get }
  /// What stands for it when none of its keys is set, as in `normalize: auto`.
  static var openWord: String? { get }
  /// Draws random numbers.
  var isRandom: Bool { get }
  /// What stands for it when photos aren't trained on; nil for nothing.
  var inEvaluation: (any Transform)? { get }
  /// What is wrong with the keys together; nil if nothing is.
  var mismatch: Mismatch? { get }

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
  package var inEvaluation: (any Transform)? { isRandom ? nil : self }
  package var mismatch: Mismatch? { nil }
}

/// A key whose value doesn't go with itself or others, and what would.
package struct Mismatch: Sendable {
  /// Nil for the step as a whole.
  package let key: String?
  package let allowed: String

  init(_ key: String?, _ allowed: String) {
    self.key = key
    self.allowed = allowed
  }
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

/// A transform that makes squares of a size of its own or of the net's.
package protocol SizedTransform: PixelTransform {
  /// Nil: the side of the images that the net takes.
  var ownSize: Int? { get set }
  var imageSize: Int { get }
}

extension SizedTransform {
  package var size: Int { ownSize ?? imageSize }

  /// The same with its size said.
  package var sized: Self {
    var copy = self
    copy.ownSize = size
    return copy
  }

  package func outputSize(_ size: ImageSize?) -> ImageSize? { square }

  var square: ImageSize { ImageSize(height: size, width: size) }
}

/// A transform that resizes photos. What it leaves open is as pretrained weights want it.
package protocol ResizingTransform: SizedTransform {
  /// Nil: left to the pretrained weights, and without such `Resize.usualInterpolation`.
  var interpolation: Interpolation? { get set }
  /// Of photos that aren't trained on. Nil: left to the pretrained weights, and without such none.
  var crop: Resize.Crop? { get set }
}

/// A transform that may show all of a photo and fill what is left of the square.
package protocol PaddingTransform: ResizingTransform {
  /// A colour to fill with was read, but no crop that has anything to fill.
  var isFilledInVain: Bool { get set }
}

extension PaddingTransform {
  /// Shows the crop and, behind it, what is filled with.
  mutating func showCrop(
    _ keys: inout some TransformKeys, _ cropKey: String, fill fillKey: String
  ) {
    var fill = crop?.fill?.numbers
    keys.crop(cropKey, &crop)
    keys.numbers(fillKey, &fill, oneOr: [3], in: 0...255)
    guard let fill else { return }
    isFilledInVain = crop?.fill == nil
    if !isFilledInVain { crop = .pad(FillColour(fill)) }
  }

  func mismatchOfFill(_ key: String = "fill") -> Mismatch? {
    isFilledInVain ? Mismatch(key, "a colour with a crop of `pad` alone") : nil
  }
}

/// A transform of the floats that come out of `Normalize`; it keeps their shape.
package protocol FloatTransform: Transform {
  /// - Parameter floats: `[H, W, C]` of this shape.
  func apply(to floats: UnsafeMutablePointer<Float>, _ shape: Shape, _ draws: Draws)
}
