import CProcessor

/// Loops over an image's pixels that become vectors. Those of eight run into the room behind the pixels.
extension Image {
  /// Gives pixels of three channels other colours: eight in 32 bits each, with red in the lowest.
  @inline(__always)
  mutating func mapPixels(_ change: (SIMD8<Int32>) -> SIMD8<Int32>) {
    let area = height * width
    withMutablePixels { pixels in
      for first in stride(from: 0, to: area, by: 8) {
        let place = pixels + 3 * first
        tutti_store_pixels(change(tutti_load_pixels(place)), place)
      }
    }
  }

  /// Gives each byte another value in Float, which is rounded down.
  @inline(__always)
  mutating func mapFloats(_ change: (SIMD8<Float>) -> SIMD8<Float>) {
    let count = count
    withMutablePixels { pixels in
      for place in stride(from: 0, to: count, by: 8) {
        let values = tutti_floats(tutti_load_bytes(pixels + place))
        tutti_rounded_down(change(values)).storeBytes(to: pixels + place)
      }
    }
  }

  /// Gives each byte another value. The compiler makes vectors of it.
  @inline(__always)
  mutating func mapBytes(_ change: (UInt8) -> UInt8) {
    let count = count
    withMutablePixels { pixels in
      for place in 0..<count { pixels[place] = change(pixels[place]) }
    }
  }
}

extension SIMD8<Int32> {
  /// Stores the low byte of each.
  @inline(__always)
  func storeBytes(to target: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(target).storeBytes(of: tutti_low_bytes(self), as: SIMD8<UInt8>.self)
  }
}
