import Glibc
package import Tensors

/// A part of the image of random area and proportions, resized to a square; torchvision's
/// `RandomResizedCrop`.
package struct RandomResizedCrop: PaddingTransform {
  package static let word = "random-resized-crop"
  package var ownSize: Int?
  package let imageSize: Int
  /// Of the image's area.
  package var scale: [Double] = [0.08, 1]
  /// Width over height; its logarithm is uniform.
  package var ratio: [Double] = [3.0 / 4, 4.0 / 3]
  package var interpolation: Interpolation?
  package var crop: Resize.Crop?
  package var isFilledInVain = false
  package var isRandom: Bool { true }

  /// All of the photo, be it padded, or its middle.
  package var inEvaluation: (any Transform)? {
    var resize = Resize(imageSize: imageSize)
    resize.ownSize = ownSize
    resize.interpolation = interpolation
    resize.crop = crop
    return resize
  }

  package init(imageSize: Int) { self.imageSize = imageSize }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("size", &ownSize, in: Resize.sizes)
    keys.numbers("scale", &scale, count: 2, in: 0.0001...1)
    keys.numbers("ratio", &ratio, count: 2, in: 0.01...100)
    keys.choice("interpolation", &interpolation)
    showCrop(&keys, "evaluation-crop", fill: "evaluation-fill")
  }

  package var mismatch: Mismatch? {
    mismatchOfRange("scale", scale) ?? mismatchOfRange("ratio", ratio)
      ?? mismatchOfFill("evaluation-fill")
  }

  package func apply(to image: inout Image, _ draws: Draws) {
    let (top, left, part) = part(of: image.size, draws)
    draws.note("box", .numbers([top, left, part.height, part.width].map(Double.init)))
    image = image.window(top: top, left: left, part)
    Resize(size, interpolation).apply(to: &image, draws)
  }

  /// Ten tries, then the middle with the nearest proportions that are allowed. Try k uses draws 2k (area)
  /// and 2k + 1 (proportions); draws 20 and 21 choose row and column.
  private func part(
    of image: ImageSize, _ draws: Draws
  ) -> (top: Int, left: Int, ImageSize) {
    let area = Double(image.height * image.width)
    func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
    for attempt in 0..<10 {
      let target = area * draws.uniform(2 * attempt, in: range(scale))
      let proportion = exp(draws.uniform(2 * attempt + 1, in: log(ratio[0])...log(ratio[1])))
      let width = rounded((target * proportion).squareRoot())
      let height = rounded((target / proportion).squareRoot())
      if 0 < width, width <= image.width, 0 < height, height <= image.height {
        return (
          draws.integer(20, below: image.height - height + 1),
          draws.integer(21, below: image.width - width + 1),
          ImageSize(height: height, width: width)
        )
      }
    }
    let own = Double(image.width) / Double(image.height)
    let width = own > ratio[1] ? max(1, rounded(Double(image.height) * ratio[1])) : image.width
    let height = own < ratio[0] ? max(1, rounded(Double(image.width) / ratio[0])) : image.height
    return (
      (image.height - height) / 2, (image.width - width) / 2,
      ImageSize(height: height, width: width)
    )
  }
}
