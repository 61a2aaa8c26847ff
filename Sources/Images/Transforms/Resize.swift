package import Tensors

/// Resizes to a square: whatever the proportions, as `torchvision.transforms.Resize((size, size))`
/// does; or, with a crop, as `Resize(⌊size / crop⌋)` and `CenterCrop(size)` do: the proportions stay,
/// and the middle of the photo is kept; or all of it, undistorted, and the rest of the square is filled: its
/// size is that of Pillow's `ImageOps.contain`, which rounds to the nearest, halves to even, and its place that of
/// torchvision's `CenterCrop`, which puts the smaller half first.
///
/// With antialiasing, bit for bit `Image.resize` of Pillow 13 on 8-bit images
/// (`src/libImaging/Resample.c`): one axis after the other, each result rounded to 8 bits. An axis
/// that has the size already is left alone.
package struct Resize: PaddingTransform, Equatable {
  /// What of a photo the square shows.
  package enum Crop: Hashable, Sendable {
    /// All of it, in other proportions.
    case none
    /// The middle: the square is this share of the shorter side.
    case center(Double)
    /// All of it, its longer side that of the square; what it lacks is filled.
    case pad(FillColour)

    /// What a padded photo is filled up with.
    package var fill: FillColour? {
      if case .pad(let fill) = self { fill } else { nil }
    }
  }

  /// Where neither the recipe nor the weights say.
  package static let usualInterpolation = Interpolation.bilinear

  /// Sides in pixels.
  package static let sizes = 8...1024
  /// Of a crop.
  package static let shares = 0.1...1

  package static let word = "resize"
  package var ownSize: Int?
  package let imageSize: Int
  package var interpolation: Interpolation?
  package var crop: Crop?
  package var isFilledInVain = false

  /// - Precondition: `size` is positive, and a crop's share in 0 … 1.
  package init(_ size: Int, _ interpolation: Interpolation? = nil, crop: Crop? = nil) {
    precondition(size > 0, "resize to \(size)")
    if case .center(let share) = crop { precondition(share > 0 && share <= 1, "crop \(share)") }
    ownSize = size
    imageSize = size
    self.interpolation = interpolation
    self.crop = crop
  }

  package init(imageSize: Int) {
    self.init(imageSize)
    ownSize = nil
  }

  /// Whether both do the same, whoever says the size.
  package static func == (a: Resize, b: Resize) -> Bool {
    a.size == b.size && a.interpolation == b.interpolation && a.crop == b.crop
  }

  package mutating func show(_ keys: inout some TransformKeys) {
    keys.integer("size", &ownSize, in: Self.sizes)
    keys.choice("interpolation", &interpolation)
    showCrop(&keys, "crop", fill: "fill")
  }

  package var mismatch: Mismatch? { mismatchOfFill() }

  package func apply(to image: inout Image, _ draws: Draws) {
    switch crop ?? .none {
    case .none: resize(&image, height: .all(size), width: .all(size))
    case .center(let share): cut(&image, share)
    case .pad(let fill): pad(&image, fill)
    }
  }

  private func pad(_ image: inout Image, _ fill: FillColour) {
    let longer = Double(max(image.height, image.width))
    func extent(_ own: Int) -> Int {
      max(1, Int((Double(own) / longer * Double(size)).rounded(.toNearestOrEven)))
    }
    resize(&image, height: .all(extent(image.height)), width: .all(extent(image.width)))
    if image.size == square { return }
    image = image.window(
      top: -((size - image.height) / 2), left: -((size - image.width) / 2), square, fill: fill)
  }

  private func cut(_ image: inout Image, _ share: Double) {
    let shorter = min(image.height, image.width)
    let side = Int(Double(size) / share)
    func middle(_ extent: Int) -> Axis {
      let outputs = Self.length(of: extent, shorter: shorter, becoming: side)
      let start = Self.middle(of: outputs, keeping: size)
      return Axis(outputs: outputs, kept: start..<(start + size))
    }
    resize(&image, height: middle(image.height), width: middle(image.width))
  }

  /// The length of a side when the shorter one becomes `side`. The shorter one has that exactly, for
  /// rounding may take a pixel off it otherwise.
  static func length(of extent: Int, shorter: Int, becoming side: Int) -> Int {
    extent == shorter ? side : Int(Double(side * extent) / Double(shorter))
  }

  /// Where the middle of so many pixels begins; halves are rounded to even, as torchvision's `CenterCrop`
  /// does.
  static func middle(of outputs: Int, keeping size: Int) -> Int {
    Int((Double(outputs - size) / 2).rounded(.toNearestOrEven))
  }

  /// The whole image in another size, whatever its proportions.
  package static func resized(_ image: Image, to size: ImageSize) -> Image {
    var image = image
    Resize(1).resize(&image, height: .all(size.height), width: .all(size.width))
    return image
  }

  /// A side's new length, and what of it is kept.
  struct Axis {
    let outputs: Int
    let kept: Range<Int>

    static func all(_ outputs: Int) -> Axis { Axis(outputs: outputs, kept: 0..<outputs) }

    /// Nil when a side of so many pixels stays as it is.
    func taps(from extent: Int, _ interpolation: Interpolation?) -> Taps? {
      outputs == extent && kept.count == extent
        ? nil : Taps(from: extent, to: outputs, keeping: kept, interpolation ?? usualInterpolation)
    }
  }

  /// Computes what is kept and nothing else: a photo of one column has a shorter side of one pixel, so
  /// that its other side may become thousands of times as long as what is kept of it.
  func resize(_ image: inout Image, height: Axis, width: Axis) {
    // Columns come first when the height shrinks by more than twice what the width does. Rounding
    // makes the order visible; it is Pillow's since 13.0, and was rows first before.
    let shrinking = image.height - height.outputs
    let columnsFirst = shrinking > 0 && shrinking > 2 * (image.width - width.outputs)
    let columns = height.taps(from: image.height, interpolation)
    let rows = width.taps(from: image.width, interpolation)
    var window = Window(
      rows: columns?.inputs ?? 0..<image.height, columns: rows?.inputs ?? 0..<image.width)
    if let columns, columnsFirst { resizeColumns(of: &image, by: columns, &window) }
    if let rows { resizeRows(of: &image, by: rows, &window) }
    if let columns, !columnsFirst { resizeColumns(of: &image, by: columns, &window) }
  }

  /// The part of an image that the result depends on. What a pass leaves is all needed.
  private struct Window {
    var rows: Range<Int>
    var columns: Range<Int>
  }

  /// `[H, W, C]` to `[rows of the window, outputs, C]`
  private func resizeRows(of image: inout Image, by taps: Taps, _ window: inout Window) {
    let (channels, width) = (image.channels, image.width)
    let (rows, left) = (window.rows, window.columns.lowerBound)
    image = image.mapped(height: rows.count, width: taps.outputs) { source, target in
      taps.filter(
        source + (rows.lowerBound * width + left) * channels, rows: rows.count,
        stride: width * channels, channels: channels, into: target)
    }
    window = Window(rows: 0..<image.height, columns: 0..<image.width)
  }

  /// `[H, W, C]` to `[outputs, columns of the window, C]`
  private func resizeColumns(of image: inout Image, by taps: Taps, _ window: inout Window) {
    let stride = image.width * image.channels
    let length = window.columns.count * image.channels
    let corner = window.rows.lowerBound * stride + window.columns.lowerBound * image.channels
    image = image.mapped(height: taps.outputs, width: window.columns.count) { source, target in
      for y in 0..<taps.outputs {
        taps.combine(
          source + corner, stride: stride, length: length, output: y, into: target + y * length)
      }
    }
    window = Window(rows: 0..<image.height, columns: 0..<image.width)
  }
}
