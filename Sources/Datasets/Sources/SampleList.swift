import Files

/// Classes and samples as bytes: for a digest, for another process, in a pack.
///
/// Fields end with a zero byte, which no path contains: the count of classes, their names, then
/// for each sample its path, label, split (`-` for none), bytes, fold (`-`
/// for none) and group, which is empty for none. Where any sample has a weight or a soft label, the count is
/// followed by ` weights` or ` soft`, or both in this order, and each sample by its weight, and by
/// its shares with spaces between, which are empty for none: floats as the hexadecimal digits of their bits.
package struct SampleList {
  /// Bytes that are no list's.
  package struct Malformed: Error, Equatable {}

  let classes: [String]
  let samples: ArraySlice<Sample>

  init(classes: [String], samples: ArraySlice<Sample>) {
    self.classes = classes
    self.samples = samples
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ field: some StringProtocol) {
      bytes.append(contentsOf: field.utf8)
      bytes.append(0)
    }
    let hasWeights = samples.contains { $0.weight != 1 }
    let hasSoftLabels = samples.contains { $0.softLabel != nil }
    append("\(classes.count)\(hasWeights ? Self.weights : "")\(hasSoftLabels ? Self.soft : "")")
    for name in classes { append(name) }
    for sample in samples {
      append(sample.path)
      append(String(sample.label))
      append(sample.split?.rawValue ?? "-")
      append(String(sample.bytes))
      append(sample.fold.map(String.init) ?? "-")
      append(sample.group ?? "")
      if hasWeights { append(Self.text(sample.weight)) }
      if hasSoftLabels { append((sample.softLabel ?? []).map(Self.text).joined(separator: " ")) }
    }
    return bytes
  }

  /// - Throws: when the bytes are no list's, which ends with its last sample.
  init(_ bytes: [UInt8]) throws(Malformed) {
    var fields = Fields(bytes: bytes)
    let first = try fields.text().pieces(at: " ", keepingEmpty: true)
    let kinds = first.dropFirst().map { " " + $0 }
    let hasWeights = kinds.first == Self.weights
    let hasSoftLabels = kinds.last == Self.soft
    guard let count = Int(first[0]), (0...bytes.count).contains(count),
      kinds.count == (hasWeights ? 1 : 0) + (hasSoftLabels ? 1 : 0)
    else { throw Malformed() }
    var classes: [String] = []
    for _ in 0..<count { classes.append(try fields.text()) }
    var samples: [Sample] = []
    while !fields.isAtEnd {
      let (path, label, split) = (try fields.text(), try fields.number(), try fields.text())
      let (length, fold, group) = (try fields.number(), try fields.text(), try fields.text())
      guard classes.indices.contains(label), split == "-" || Split(rawValue: split) != nil,
        fold == "-" || (Int(fold) ?? -1) >= 0
      else { throw Malformed() }
      samples.append(
        Sample(
          path: path, label: label, split: Split(rawValue: split), bytes: length,
          group: group.isEmpty ? nil : group, fold: Int(fold),
          weight: hasWeights ? try Self.float(fields.text()) : 1,
          softLabel: hasSoftLabels ? try Self.shares(fields.text(), classes: count) : nil))
    }
    self.init(classes: classes, samples: samples[...])
  }

  private static let weights = " weights"
  private static let soft = " soft"

  private static func text(_ value: Float) -> String { String(value.bitPattern, radix: 16) }

  private static func float(_ text: String) throws(Malformed) -> Float {
    guard let bits = UInt32(text, radix: 16) else { throw Malformed() }
    let value = Float(bitPattern: bits)
    guard value.isFinite, value >= 0 else { throw Malformed() }
    return value
  }

  private static func shares(_ text: String, classes: Int) throws(Malformed) -> [Float]? {
    if text.isEmpty { return nil }
    let shares = try text.pieces(at: " ", keepingEmpty: true).map(float)
    guard shares.count == classes, abs(shares.reduce(0, +) - 1) < 1e-3,
      shares.allSatisfy({ $0 <= 1 })
    else { throw Malformed() }
    return shares
  }

  /// Texts one after the other, each ended by a zero byte.
  private struct Fields {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func text() throws(Malformed) -> String {
      guard let end = bytes[place...].firstIndex(of: 0),
        let text = String(validating: bytes[place..<end], as: UTF8.self)
      else { throw Malformed() }
      place = end + 1
      return text
    }

    mutating func number() throws(Malformed) -> Int {
      guard let number = Int(try text()), number >= 0 else { throw Malformed() }
      return number
    }
  }
}
