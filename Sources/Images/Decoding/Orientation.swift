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

  /// Puts rows of colour pixels where they belong in the upright picture. A line of it is written as
  /// a whole, whatever the order in which it is read.
  ///
  /// - Parameters:
  ///   - strip: the rows as stored, one after the other, and a byte.
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
    if swapsAxes {
      for x in 0..<width {
        copy(
          rows.count, from: strip + 3 * x, stride: 3 * width, to: first + 3 * x * right,
          isBackwards: down < 0)
      }
    } else {
      for y in 0..<rows.count {
        copy(
          width, from: strip + 3 * y * width, stride: 3, to: first + 3 * y * down,
          isBackwards: right < 0)
      }
    }
  }

  /// Copies pixels that lie `stride` bytes apart to where they lie side by side: onwards from `target`,
  /// or backwards with the first one there.
  private func copy(
    _ count: Int, from source: UnsafePointer<UInt8>, stride: Int,
    to target: UnsafeMutablePointer<UInt8>, isBackwards: Bool
  ) {
    let last = count - 1
    let (from, to, step) =
      isBackwards
      ? (source + last * stride, target - 3 * last, -stride) : (source, target, stride)
    writeColourPixels(count, to: to) { from + $0 &* step }
  }
}
