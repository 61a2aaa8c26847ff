/// A square at a random place of the image, with a border around it first; torchvision's `RandomCrop`
/// with `pad_if_needed`: an image that is too small is filled up on both sides.
package struct RandomCrop: SizedTransform {
  package static let word = "random-crop"
  package var ownSize: Int?
  package let imageSize: Int
  /// Pixels on all sides; at left and right, above and below; or left, above, right, below.
  package var padding: [Double] = [0]
  package var fill = FillColour.black
  package var isRandom: Bool { true }

  /// The middle.
  package var inEvaluation: (any Transform)? {
    var crop = CenterCrop(imageSize: imageSize)
    crop.ownSize = ownSize
    return crop
  }

  package init(imageSize: Int) { self.imageSize = imageSize }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("size", &ownSize, in: Resize.sizes)
    keys.numbers("padding", &padding, oneOr: [2, 4], in: 0...1024)
    keys.fill(&fill)
  }

  package var mismatch: Mismatch? {
    padding.contains { $0 != $0.rounded() } ? Mismatch("padding", "whole pixels") : nil
  }

  /// Uses draws 0 (the row) and 1 (the column).
  package func apply(to image: inout Image, _ draws: Draws) {
    let border = padding.map { Int($0) }
    func start(_ index: Int, _ extent: Int, before: Int, after: Int) -> Int {
      let short = max(0, size - extent - before - after)
      let padded = extent + before + after + 2 * short
      return draws.integer(index, below: padded - size + 1) - before - short
    }
    let top = start(
      0, image.height, before: border[border.count > 1 ? 1 : 0], after: border[border.count - 1])
    let left = start(1, image.width, before: border[0], after: border[border.count == 4 ? 2 : 0])
    draws.note("top", .number(Double(top)))
    draws.note("left", .number(Double(left)))
    image = image.window(top: top, left: left, square, fill: fill)
  }
}
