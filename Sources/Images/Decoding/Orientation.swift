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

  /// Rows and columns change places.
  private var swapsAxes: Bool { rawValue >= 5 }

  /// The picture as it was seen. `image` holds the pixels as stored.
  func applied(to image: Image) -> Image {
    if self == .upright { return image }
    let (height, width, channels) = (image.height, image.width, image.channels)
    // The stored pixel at the upright picture's (y, x) is origin + y·down + x·right.
    let (origin, down, right) =
      switch self {
      case .upright: (0, width, 1)
      case .mirrored: (width - 1, width, -1)
      case .upsideDown: (height * width - 1, -width, -1)
      case .mirroredUpsideDown: ((height - 1) * width, -width, 1)
      case .transposed: (0, 1, width)
      case .turnedLeft: ((height - 1) * width, 1, -width)
      case .transversed: (height * width - 1, -1, -width)
      case .turnedRight: (width - 1, -1, width)
      }
    let rows = swapsAxes ? width : height
    let columns = swapsAxes ? height : width
    return image.mapped(height: rows, width: columns) { source, target in
      var place = 0
      for y in 0..<rows {
        for x in 0..<columns {
          let from = (origin + y * down + x * right) * channels
          for channel in 0..<channels { target[place + channel] = source[from + channel] }
          place += channels
        }
      }
    }
  }
}

extension Orientation {
  /// Reads the tag from an EXIF block: a TIFF header and its first directory (TIFF 6.0, section 2).
  /// Nil when there is none or the block is damaged, which is no reason to refuse a photo.
  init?(exif block: UnsafeBufferPointer<UInt8>) {
    guard block.count >= 8 else { return nil }
    let bigEndian: Bool
    switch (block[0], block[1]) {
    case (UInt8(ascii: "M"), UInt8(ascii: "M")): bigEndian = true
    case (UInt8(ascii: "I"), UInt8(ascii: "I")): bigEndian = false
    default: return nil
    }
    /// An unsigned number of `count` bytes, nil when it reaches beyond the block.
    func number(at offset: Int, bytes count: Int) -> Int? {
      guard offset >= 0, offset <= block.count - count else { return nil }
      let bytes = block[offset..<(offset + count)]
      return bigEndian
        ? bytes.reduce(0) { $0 << 8 | Int($1) } : bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let type = number(at: offset + 2, bytes: 2), number(at: offset + 4, bytes: 4) == 1
      else { return nil }
      // The type should be a 16-bit integer (3); some programs write 32 bits (4).
      guard type == 3 || type == 4, let value = number(at: offset + 8, bytes: type == 3 ? 2 : 4)
      else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }
}
