/// What a photo's metadata say, read as Pillow's `Image.getexif` does: EXIF's tag counts, and where
/// there is none the first that XMP has.
extension Orientation {
  /// Upright where nothing else is said.
  init(exif: UnsafeBufferPointer<UInt8>, xmp: UnsafeBufferPointer<UInt8>) {
    self = Self.tag(exif: exif) ?? Self.tag(xmp: xmp) ?? .upright
  }

  /// Reads the tag from an EXIF block: a TIFF header and its first directory (TIFF 6.0, section 2).
  /// Nil when there is none or the block is damaged, which is no reason to refuse a photo; upright when
  /// the tag says nothing that is known.
  private static func tag(exif joined: UnsafeBufferPointer<UInt8>) -> Orientation? {
    // Some programs write the marker's name twice.
    let name = Array("Exif\0\0".utf8)
    let block = UnsafeBufferPointer(
      rebasing: joined.dropFirst(joined.starts(with: name) ? name.count : 0))
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
    // Some programs write the 42 in the other order.
    guard let magic = number(at: 2, bytes: 2), magic == 42 || magic == 42 << 8,
      let directory = number(at: 4, bytes: 4), let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(at: offset, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let type = number(at: offset + 2, bytes: 2), let width = widths[type],
        let count = number(at: offset + 4, bytes: 4)
      else { return nil }
      if count == 0 { continue }
      // More than four bytes lie elsewhere. Of several values, which there should not be, the first counts.
      let isElsewhere = count * width > 4
      guard let place = isElsewhere ? number(at: offset + 8, bytes: 4) : offset + 8,
        let value = number(at: place, bytes: width)
      else { return nil }
      return Orientation(rawValue: value) ?? .upright
    }
    return nil
  }

  /// Bytes of TIFF's types of whole numbers. The tag's should be an unsigned one of 16 bits (3), but
  /// some programs write others.
  private static let widths = [3: 2, 8: 2, 4: 4, 9: 4, 13: 4]

  /// Reads the first `tiff:Orientation` of an XMP packet, be it an attribute or an element. Like
  /// Pillow, which looks for these letters, takes the packet for text and not for XML. Nil when there is
  /// none.
  private static func tag(xmp packet: UnsafeBufferPointer<UInt8>) -> Orientation? {
    let name = Array("tiff:Orientation".utf8)
    let starts = [Array("=\"".utf8), Array(">".utf8)]
    var rest = packet[...]
    while let letter = rest.firstIndex(of: name[0]) {
      rest = rest[letter...]
      if rest.starts(with: name) {
        let value = rest.dropFirst(name.count)
        for start in starts where value.starts(with: start) {
          guard let digit = value.dropFirst(start.count).first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
          else { continue }
          return Orientation(rawValue: Int(digit - UInt8(ascii: "0"))) ?? .upright
        }
      }
      rest = rest.dropFirst()
    }
    return nil
  }
}
