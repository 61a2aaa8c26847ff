/// Bytes taken from front to back. Nothing is taken when fewer are left than asked for.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// A little-endian number.
  mutating func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number? {
    take(MemoryLayout<Number>.size)?.reversed().reduce(0) {
      $0 << 8 | Number(truncatingIfNeeded: $1)
    }
  }

  /// A little-endian number without sign, of at most eight bytes, that an `Int` can hold.
  mutating func size<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) -> Int? {
    integer(Number.self).flatMap { Int(exactly: $0) }
  }

  /// What comes before the next newline, which is taken too.
  mutating func line() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
