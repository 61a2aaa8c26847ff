/// How a camera was held: EXIF's tag 0x0112, whose values say where the stored first row and column
/// belong in the upright picture.
enum Orientation: Int {
  case upright = 1
  case mirrored
  case upsideDown
  case mirroredUpsideDown
  case transposed
  /// To be turned by 90° clockwise.
  case turnedLeft
  case transversed
  /// To be turned by 90° counter-clockwise.
  case turnedRight

  /// Stored rows that are turned together: each then fills whole cache lines of an upright row, and
  /// those of a photo of 12 megapixels still fit into a core's cache.
  static let strip = 64

  /// Rows and columns change places.
  private var swapsAxes: Bool { rawValue >= 5 }

  /// The size of the picture as it was seen.
  func upright(_ stored: ImageSize) -> ImageSize {
    swapsAxes ? ImageSize(height: stored.width, width: stored.height) : stored
  }

  /// Puts rows of colour pixels where they belong in the upright picture.
  ///
  /// - Parameters:
  ///   - strip: the rows as stored, one after the other.
  ///   - rows: which of the stored picture's they are.
  ///   - target: the whole upright picture.
  func turn(
    _ strip: UnsafePointer<UInt8>, rows: Range<Int>, of stored: ImageSize,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    let (height, width) = (stored.height, stored.width)
    // The stored pixel (y, x) goes to origin + y·down + x·right.
    let (origin, down, right) =
      switch self {
      case .upright: (0, width, 1)
      case .mirrored: (width - 1, width, -1)
      case .upsideDown: (height * width - 1, -width, -1)
      case .mirroredUpsideDown: ((height - 1) * width, -width, 1)
      case .transposed: (0, 1, height)
      case .turnedLeft: (height - 1, -1, height)
      case .transversed: (height * width - 1, -1, -height)
      case .turnedRight: ((width - 1) * height, 1, -height)
      }
    let first = target + 3 * (origin + rows.lowerBound * down)
    // The inner loop goes along a row of the upright picture, to write what lies side by side.
    let (outer, inner) = swapsAxes ? (width, rows.count) : (rows.count, width)
    let (from, to) =
      swapsAxes
      ? (outer: (3, 3 * right), inner: (3 * width, 3 * down))
      : (outer: (3 * width, 3 * down), inner: (3, 3 * right))
    for line in 0..<outer {
      var source = strip + line * from.0
      var pixel = first + line * from.1
      for _ in 0..<inner {
        pixel[0] = source[0]
        pixel[1] = source[1]
        pixel[2] = source[2]
        source += to.0
        pixel += to.1
      }
    }
  }
}
