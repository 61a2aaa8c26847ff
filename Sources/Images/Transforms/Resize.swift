/// Resizes to a square: whatever the proportions, as `torchvision.transforms.Resize((size, size))`
/// does; or, with a crop, as `Resize(⌊size / crop⌋)` and `CenterCrop(size)` do: the proportions stay,
/// and the middle of the photo is kept.
///
/// With antialiasing, bit for bit `Image.resize` of Pillow 13 on 8-bit images
/// (`src/libImaging/Resample.c`): one axis after the other, each result rounded to 8 bits. An axis
/// that has the size already is left alone.
package struct Resize: PixelTransform, Equatable {
  /// What of a photo the square shows.
  package enum Crop: Hashable, Sendable {
    /// All of it, in other proportions.
    case none
    /// The middle: the square is this share of the shorter side.
    case center(Double)

    package var share: Double? {
      switch self {
      case .none: nil
      case .center(let share): share
      }
    }
  }

  /// Where neither the recipe nor the weights say.
  package static let usualInterpolation = Interpolation.bilinear

  package static let word = "resize"
  package var size: Int
  /// Nil: left to the pretrained weights, and without such the usual one.
  package var interpolation: Interpolation?
  /// Nil: left to the pretrained weights, and without such none.
  package var crop: Crop?

  /// - Precondition: `size` is positive, and a crop's share in 0 … 1.
  package init(_ size: Int, _ interpolation: Interpolation? = nil, crop: Crop? = nil) {
    precondition(
      size > 0 && (crop?.share.map { $0 > 0 && $0 <= 1 } ?? true), "resize to \(size)")
    self.size = size
    self.interpolation = interpolation
    self.crop = crop
  }

  package init(imageSize: Int) { self.init(imageSize) }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("size", &size, in: 8...1024)
    keys.choice("interpolation", &interpolation)
    var share = crop.map(\.share)
    keys.number("crop", &share, in: 0.1...1, or: "none")
    crop = share.map { $0.map(Crop.center) ?? Crop.none }
  }

  package func outputSize(_ size: ImageSize?) -> ImageSize? {
    ImageSize(height: self.size, width: self.size)
  }

  package func apply(to image: inout Image, _ draws: Draws) {
    guard let share = crop?.share else {
      return resize(&image, to: ImageSize(height: size, width: size))
    }
    let shorter = min(image.height, image.width)
    let side = Int(Double(size) / share)
    // The shorter side exactly, for rounding may take a pixel off it otherwise.
    func scaled(_ extent: Int) -> Int {
      extent == shorter ? side : Int(Double(side * extent) / Double(shorter))
    }
    resize(&image, to: ImageSize(height: scaled(image.height), width: scaled(image.width)))
    image = image.center(size)
  }

  private func resize(_ image: inout Image, to size: ImageSize) {
    // Columns come first when the height shrinks by more than twice what the width does. Rounding
    // makes the order visible; it is Pillow's since 13.0, and was rows first before.
    let shrinking = image.height - size.height
    let columnsFirst = shrinking > 0 && shrinking > 2 * (image.width - size.width)
    if columnsFirst { resizeColumns(of: &image, to: size.height) }
    if image.width != size.width { resizeRows(of: &image, to: size.width) }
    if image.height != size.height { resizeColumns(of: &image, to: size.height) }
  }

  /// `[H, W, C]` to `[H, width, C]`
  private func resizeRows(of image: inout Image, to width: Int) {
    let taps = Taps(from: image.width, to: width, interpolation ?? Self.usualInterpolation)
    let (height, channels) = (image.height, image.channels)
    let (inputLength, outputLength) = (image.width * channels, width * channels)
    image = image.mapped(height: height, width: width) { source, target in
      for y in 0..<height {
        taps.filter(source + y * inputLength, channels: channels, into: target + y * outputLength)
      }
    }
  }

  /// `[H, W, C]` to `[height, W, C]`
  private func resizeColumns(of image: inout Image, to height: Int) {
    let taps = Taps(from: image.height, to: height, interpolation ?? Self.usualInterpolation)
    let length = image.width * image.channels
    image = image.mapped(height: height, width: image.width) { source, target in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: length) { sums in
        guard let sums = sums.baseAddress else { return }
        for y in 0..<height {
          taps.combine(source, length: length, output: y, sums: sums, into: target + y * length)
        }
      }
    }
  }
}

extension Image {
  /// The square in the middle; no side may be shorter. Halves are rounded to even, as torchvision's
  /// `CenterCrop` does.
  fileprivate func center(_ size: Int) -> Image {
    func start(_ extent: Int) -> Int {
      Int((Double(extent - size) / 2).rounded(.toNearestOrEven))
    }
    let (top, left) = (start(height), start(width))
    let (row, rowOfSquare) = (width * channels, size * channels)
    return mapped(height: size, width: size) { source, target in
      for y in 0..<size {
        (target + y * rowOfSquare).update(
          from: source + (top + y) * row + left * channels, count: rowOfSquare)
      }
    }
  }
}
