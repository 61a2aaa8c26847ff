import Files
import Tensors

/// The head of a safetensors file: eight bytes of length, then so many bytes of JSON, then data.
///
///     {"__metadata__": {"key": "value"}, "NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///
/// What comes out of `init(parsing:dataBytes:)` has been checked: names are unique, each range has
/// the length that shape and type ask for, and the ranges tile the data without gap or overlap.
/// Source: https://github.com/huggingface/safetensors#format
struct SafetensorsHeader {
  /// Bytes of the length in front.
  static let prefix = 8
  /// The longest header that is read, in bytes, enough for some 100,000 tensors: the format allows
  /// 100 MB, which would take four times as much memory.
  static let limit = 1 << 24

  /// In the header's order.
  private(set) var entries: [SafetensorsEntry]
  private(set) var metadata: [String: String]
  /// Where the data starts in the file, when the header was read from one.
  private(set) var dataStart = 0

  /// Lays the tensors out one after the other, in the order given.
  init(placing tensors: [SafetensorsEntry], metadata: [String: String]) {
    entries = []
    self.metadata = metadata
    for var entry in tensors {
      let start = dataBytes
      // PyTorch maps a file and looks at the bytes in place, so they must be aligned.
      precondition(start % entry.type.size == 0, "\(entry.name) must precede narrower numbers")
      entry.range = start..<(start + entry.shape.count * entry.type.size)
      entries.append(entry)
    }
    precondition(Set(entries.map(\.name)).count == entries.count, "two tensors with one name")
  }

  /// Bytes of all tensors, which follow each other as they do in `entries` when `placing` made it.
  var dataBytes: Int { entries.last?.range.upperBound ?? 0 }

  /// Length and text, filled up with spaces so that the data starts on eight bytes.
  var encoded: [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.extents.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}")
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += Array(repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  /// Reads the header of a file. Throws `SafetensorsError` when it isn't sound, `FileError`.
  init(of file: borrowing InputFile) throws {
    let path = file.path
    do throws(any Error) {
      let length = try Self.length(in: file)
      let dataStart = Self.prefix + length
      let text = try file.bytes(in: Self.prefix..<dataStart)
      try self.init(parsing: text, dataBytes: file.size - dataStart)
      self.dataStart = dataStart
    } catch let problem as SafetensorsError.Problem {
      throw SafetensorsError(path: path, problem: problem)
    }
  }

  /// Bytes of the text, all of them in the file.
  private static func length(in file: borrowing InputFile) throws -> Int {
    typealias Problem = SafetensorsError.Problem
    guard file.size >= prefix else { throw Problem.truncated(needs: prefix, has: file.size) }
    var cursor = ByteCursor(try file.bytes(in: 0..<prefix))
    let length = cursor.integer(UInt64.self) ?? 0
    guard length <= limit else { throw Problem.headerTooLong(length) }
    let needs = prefix + Int(length)
    guard file.size >= needs else { throw Problem.truncated(needs: needs, has: file.size) }
    return Int(length)
  }

  /// Reads the text of a header that `dataBytes` bytes follow.
  init(parsing text: [UInt8], dataBytes: Int) throws(SafetensorsError.Problem) {
    var scanner = SafetensorsHeaderScanner(text)
    (entries, metadata) = try scanner.header()
    var end = 0
    for entry in entries.sorted(by: Self.isBefore) {
      let begin = entry.range.lowerBound
      if begin < end { throw .overlap(tensor: entry.name, begins: begin, ended: end) }
      if begin > end { throw .gap(from: end, to: begin) }
      let needs = try Self.bytes(of: entry)
      let has = entry.range.count
      if needs != has { throw .size(tensor: entry.name, needs: needs, has: has) }
      end = entry.range.upperBound
    }
    if end > dataBytes { throw .truncated(needs: end, has: dataBytes) }
    if end < dataBytes { throw .gap(from: end, to: dataBytes) }
  }

  /// Empty tensors come first, so that those at the same place don't seem to overlap.
  private static func isBefore(_ left: SafetensorsEntry, _ right: SafetensorsEntry) -> Bool {
    (left.range.lowerBound, left.range.upperBound) < (
      right.range.lowerBound, right.range.upperBound
    )
  }

  private static func bytes(of entry: SafetensorsEntry) throws(SafetensorsError.Problem) -> Int {
    var bytes = entry.type.size
    for extent in entry.shape.extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      if overflow { throw .shapeTooLarge(tensor: entry.name) }
      bytes = product
    }
    return bytes
  }
}

/// The text as a JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
