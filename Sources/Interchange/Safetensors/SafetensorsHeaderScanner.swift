import Tensors

/// Reads the JSON of a safetensors header, and no other: a general parser would keep one of two
/// equal names in silence, and nest as deep as a hostile file likes.
struct SafetensorsHeaderScanner {
  typealias Problem = SafetensorsError.Problem

  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  /// The whole header. The bytes that it spans are not compared with anything yet.
  mutating func header() throws(Problem) -> ([SafetensorsEntry], [String: String]) {
    var entries: [SafetensorsEntry] = []
    var metadata: [String: String] = [:]
    try members { scanner, name throws(Problem) in
      if name == "__metadata__" {
        try scanner.members { scanner, key throws(Problem) in
          metadata[key] = try scanner.string()
        }
      } else {
        entries.append(try scanner.entry(named: name))
      }
    }
    skipSpace()
    guard position == text.count else { throw expected("the end") }
    return (entries, metadata)
  }

  private mutating func entry(named name: String) throws(Problem) -> SafetensorsEntry {
    var type: SafetensorsType?
    var shape: [Int]?
    var range: Range<Int>?
    try members { scanner, key throws(Problem) in
      switch key {
      case "dtype":
        let word = try scanner.string()
        type = SafetensorsType(rawValue: word)
        if type == nil { throw .unknownType(word, tensor: name) }
      case "shape":
        shape = try scanner.integers()
      case "data_offsets":
        let offsets = try scanner.integers()
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
          throw scanner.expected("two ascending offsets")
        }
        range = offsets[0]..<offsets[1]
      default:
        throw scanner.expected("dtype, shape or data_offsets")
      }
    }
    guard let type, let shape, let range else {
      throw expected("dtype, shape and data_offsets of \(name)")
    }
    return SafetensorsEntry(name: name, type: type, shape: Shape(shape), range: range)
  }

  /// An object: calls `body` at each value. No key may be there twice.
  private mutating func members(
    _ body: (inout Self, String) throws(Problem) -> Void
  ) throws(Problem) {
    var seen: Set<String> = []
    try list(from: "{", to: "}") { scanner throws(Problem) in
      let key = try scanner.string()
      guard seen.insert(key).inserted else { throw .duplicate(key) }
      try scanner.take(":")
      try body(&scanner, key)
    }
  }

  private mutating func integers() throws(Problem) -> [Int] {
    var values: [Int] = []
    try list(from: "[", to: "]") { scanner throws(Problem) in
      values.append(try scanner.integer())
    }
    return values
  }

  private mutating func list(
    from open: Unicode.Scalar, to close: Unicode.Scalar,
    _ element: (inout Self) throws(Problem) -> Void
  ) throws(Problem) {
    try take(open)
    if takeIfNext(close) { return }
    repeat { try element(&self) } while takeIfNext(",")
    try take(close)
  }

  /// Digits without sign, fraction or exponent.
  private mutating func integer() throws(Problem) -> Int {
    skipSpace()
    let start = position
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
      position += 1
    }
    guard let value = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      position = start
      throw expected("an integer below 2^63")
    }
    return value
  }

  private mutating func string() throws(Problem) -> String {
    try take("\"")
    var bytes: [UInt8] = []
    while position < text.count, text[position] >= 0x20 {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw expected("UTF-8 before the quote")
        }
        return string
      case UInt8(ascii: "\\"):
        bytes += try escaped()
      default:
        bytes.append(byte)
      }
    }
    throw expected("a closing quote")
  }

  /// What follows a backslash.
  private mutating func escaped() throws(Problem) -> [UInt8] {
    guard position < text.count else { throw expected("an escaped character") }
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), text[position...].starts(with: Array("\\u".utf8)) {
        position += 2
        units.append(try codeUnit())
      }
      guard let string = String(validating: units, as: UTF16.self) else {
        throw expected("a pair of surrogates before")
      }
      return Array(string.utf8)
    default: throw expected("an escaped character")
    }
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() throws(Problem) -> UInt16 {
    let digits = text[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw expected("four hexadecimal digits") }
    position += 4
    return unit
  }

  private mutating func take(_ character: Unicode.Scalar) throws(Problem) {
    guard takeIfNext(character) else { throw expected("\(character)") }
  }

  private mutating func takeIfNext(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func expected(_ what: String) -> Problem { .header(byte: position, expected: what) }
}
