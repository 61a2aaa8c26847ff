/// A number of bytes as people write it: `600MB`, `1.5 GB`, `4GiB`.
package struct ByteCount: Equatable, Sendable, CustomStringConvertible {
  package let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  private static let units: [(name: String, bytes: Double)] = [
    ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("KiB", 0x1p10),
    ("MiB", 0x1p20), ("GiB", 0x1p30), ("TiB", 0x1p40),
  ]

  /// Nil where the text isn't a positive number with a unit.
  package init?(_ text: String) {
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    var digits = text.dropLast(unit.name.count)
    if digits.last == " " { digits.removeLast() }
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), (1...0x1p60).contains(number * unit.bytes)
    else { return nil }
    bytes = Int((number * unit.bytes).rounded())
  }

  /// Two or three digits, with a unit of 1000 bytes or a power of it.
  package var description: String {
    var value = Double(bytes)
    for unit in ["bytes", "kB", "MB"] {
      // What would be rounded to 10.0 or to 1000 isn't shown so.
      if value < 999.5 { return Self.fixed(value, unit != "bytes" && value < 9.95) + " \(unit)" }
      value /= 1000
    }
    return Self.fixed(value, true) + " GB"
  }

  /// With one decimal or none.
  private static func fixed(_ value: Double, _ hasDecimal: Bool) -> String {
    guard hasDecimal else { return "\(Int(value.rounded()))" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
