/// Blurs by a Gaussian of random deviation; torchvision's `GaussianBlur`.
package struct GaussianBlur: PixelTransform {
  package static let word = "gaussian-blur"
  /// Pixels of the kernel's side, odd.
  package var kernel = 5
  /// Deviations in pixels: one, or from and to.
  package var sigma: [Double] = [0.1, 2]
  package var isRandom: Bool { true }

  package init(imageSize: Int) {}

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("kernel", &kernel, in: 1...127)
    keys.numbers("sigma", &sigma, oneOr: [2], in: 0.01...100)
  }

  package var mismatch: Mismatch? {
    kernel % 2 == 0 ? Mismatch("kernel", "an odd number") : mismatchOfRange("sigma", sigma)
  }

  /// Uses draw 0. An image smaller than half the kernel is blurred by the largest kernel that fits.
  package func apply(to image: inout Image, _ draws: Draws) {
    let sigma = draws.uniform(0, in: sigma[0]...sigma[sigma.count - 1])
    let kernel = min(kernel, 2 * min(image.height, image.width) - 1)
    draws.note("kernel", .number(Double(kernel)))
    draws.note("sigma", .number(sigma))
    image.blur(kernel: kernel, sigma: sigma)
  }
}
