/// What puts several images on one.
extension Image {
  /// All of one value.
  package init(filled value: UInt8, _ size: ImageSize, channels: Int) {
    self.init(uninitialized: size, channels: channels)
    let count = count
    withMutablePixels { $0.update(repeating: value, count: count) }
  }

  /// Puts another image on this one, which must have room for it. A grey one becomes coloured.
  package mutating func paste(_ other: Image, top: Int, left: Int) {
    precondition(
      channels == 3 && top + other.height <= height && left + other.width <= width,
      "\(other.size) at \(top), \(left) on \(size)")
    let width = width
    withMutablePixels { pixels in
      other.withPixels { source in
        for y in 0..<other.height {
          for x in 0..<other.width {
            for channel in 0..<3 {
              pixels[3 * ((top + y) * width + left + x) + channel] =
                source[(y * other.width + x) * other.channels + (other.channels == 3 ? channel : 0)]
            }
          }
        }
      }
    }
  }
}
