/// Keeps the middle; of an image that is smaller, all, with as much filled on every side. torchvision's
/// `CenterCrop`.
package struct CenterCrop: SizedTransform {
  package static let word = "center-crop"
  package var ownSize: Int?
  package let imageSize: Int

  package init(imageSize: Int) { self.imageSize = imageSize }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("size", &ownSize, in: Resize.sizes)
  }

  package func apply(to image: inout Image, _ draws: Draws) {
    /// Where the middle begins. Halves are rounded to even; what is filled is split with the smaller half
    /// first.
    func start(_ extent: Int) -> Int {
      let missing = size - extent
      return missing > 0
        ? -(missing / 2) : Int((Double(-missing) / 2).rounded(.toNearestOrEven))
    }
    image = image.window(
      top: start(image.height), left: start(image.width), square)
  }
}
