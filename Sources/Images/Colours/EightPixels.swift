/// Eight neighbouring colour pixels, each channel a vector of whole numbers from 0 to 255.
///
/// Numbers are repeated by hand, here and wherever vectors are: the standard library's operators for a vector
/// and a number are loops. A 32-bit lane takes a pixel's three bytes and one of the next, so a load reads four bytes more than the
/// pixels have.
struct EightPixels {
  typealias Lanes = SIMD8<Int32>
  static let numbers = Lanes(0, 1, 2, 3, 4, 5, 6, 7)

  var red: Lanes
  var green: Lanes
  var blue: Lanes

  @inline(__always)
  init(red: Lanes, green: Lanes, blue: Lanes) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  @inline(__always)
  init(_ pixels: UnsafePointer<UInt8>) {
    let lanes = Lanes(lowHalf: Self.four(pixels), highHalf: Self.four(pixels + 12))
    let byte = Lanes(repeating: 0xFF)
    red = lanes & byte
    green = (lanes &>> Lanes(repeating: 8)) & byte
    blue = (lanes &>> Lanes(repeating: 16)) & byte
  }

  /// Writes 24 bytes, and none behind them: the next pixels may not have been read yet.
  @inline(__always)
  func store(to pixels: UnsafeMutablePointer<UInt8>) {
    let lanes = red | (green &<< Lanes(repeating: 8)) | (blue &<< Lanes(repeating: 16))
    Self.store(lanes.lowHalf, to: pixels)
    Self.store(lanes.highHalf, to: pixels + 12)
  }

  @inline(__always)
  private static func four(_ pixels: UnsafePointer<UInt8>) -> SIMD4<Int32> {
    let b = UnsafeRawPointer(pixels).loadUnaligned(as: SIMD16<UInt8>.self)
    return unsafeBitCast(
      SIMD16(
        b[0], b[1], b[2], b[3], b[3], b[4], b[5], b[6], b[6], b[7], b[8], b[9], b[9], b[10], b[11],
        b[12]),
      to: SIMD4<Int32>.self)
  }

  @inline(__always)
  private static func store(_ lanes: SIMD4<Int32>, to pixels: UnsafeMutablePointer<UInt8>) {
    let b = unsafeBitCast(lanes, to: SIMD16<UInt8>.self)
    let packed = SIMD16(
      b[0], b[1], b[2], b[4], b[5], b[6], b[8], b[9], b[10], b[12], b[13], b[14], 0, 0, 0, 0)
    let raw = UnsafeMutableRawPointer(pixels)
    raw.storeBytes(of: unsafeBitCast(packed, to: SIMD2<UInt64>.self)[0], as: UInt64.self)
    raw.storeBytes(
      of: unsafeBitCast(packed, to: SIMD4<UInt32>.self)[2], toByteOffset: 8, as: UInt32.self)
  }

  /// ITU-R 601's luminance as Pillow has it, in 16.16 fixed point.
  @inline(__always)
  var luminance: Lanes {
    let sum = Lanes(repeating: 19595) &* red &+ Lanes(repeating: 38470) &* green
    return (sum &+ Lanes(repeating: 7471) &* blue &+ Lanes(repeating: 0x8000))
      &>> Lanes(repeating: 16)
  }
}

extension Image {
  /// Gives pixels of three channels other colours, eight at a time.
  @inline(__always)
  mutating func mapPixels(_ change: (EightPixels) -> EightPixels) {
    let area = height * width
    withMutablePixels { pixels in
      for first in stride(from: 0, to: area, by: 8) {
        change(EightPixels(pixels + 3 * first)).store(to: pixels + 3 * first)
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

  /// The same in Float, whose results are rounded down.
  @inline(__always)
  mutating func mapFloats(_ change: (SIMD8<Float>) -> SIMD8<Float>) {
    let count = count
    withMutablePixels { pixels in
      for place in stride(from: 0, to: count, by: 8) {
        change(SIMD8(loading: pixels + place)).wholeBytes.storeBytes(to: pixels + place)
      }
    }
  }
}

extension SIMD8<Float> {
  /// Eight bytes' values.
  @inline(__always)
  init(loading bytes: UnsafePointer<UInt8>) {
    let bytes = UnsafeRawPointer(bytes).loadUnaligned(as: SIMD8<UInt8>.self)
    self.init(SIMD8<Int32>(truncatingIfNeeded: bytes))
  }

  /// Rounded down, within 0 … 255. Adding 2²³ leaves a whole number in a Float's low bits.
  @inline(__always)
  var wholeBytes: SIMD8<Int32> { clampedToBytes.rounded(.down).lowBits }

  /// The same rounded to the nearest, halves to even: by that addition.
  @inline(__always)
  var nearestBytes: SIMD8<Int32> { clampedToBytes.lowBits }

  /// `clamped` and `pointwiseMax` are calls, which cost more than the colours do.
  @inline(__always)
  func maximum(_ other: Self) -> Self { other.replacing(with: self, where: other .< self) }
  @inline(__always)
  func minimum(_ other: Self) -> Self { other.replacing(with: self, where: other .> self) }

  @inline(__always)
  private var clampedToBytes: Self {
    maximum(.zero).minimum(Self(repeating: 255))
  }

  @inline(__always)
  private var lowBits: SIMD8<Int32> {
    unsafeBitCast(self + Self(repeating: 0x1p23), to: SIMD8<Int32>.self)
      & SIMD8<Int32>(repeating: 0xFF)
  }
}

extension SIMD8<Int32> {
  /// Stores the low byte of each.
  @inline(__always)
  func storeBytes(to target: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(target).storeBytes(of: lowBytes, as: SIMD8<UInt8>.self)
  }

  /// `init(truncatingIfNeeded:)` is a call.
  @inline(__always)
  var lowBytes: SIMD8<UInt8> {
    let b = unsafeBitCast(self, to: SIMD32<UInt8>.self)
    return SIMD8<UInt8>(b[0], b[4], b[8], b[12], b[16], b[20], b[24], b[28])
  }
}
