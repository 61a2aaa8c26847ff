import Files

/// Classes and samples as bytes: for a digest, for another process, in a pack.
///
/// Fields end with a zero byte, which no path contains: the count of classes, their names, then
/// for each sample its path, label, split (`-` for none), bytes, fold (`-`
/// for none) and group, which is empty for none. Where any sample has a weight or a soft label, or may have several
/// labels, the count is followed by ` weights`, ` soft` or ` several`, in this order, and each sample by its weight, by
/// its shares with spaces between, which are empty for none, and by its labels, likewise: floats as the hexadecimal digits
/// of their bits.
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
    let hasLabelSets = samples.first?.labelSet != nil
    append(
      "\(classes.count)\(hasWeights ? Self.weights : "")\(hasSoftLabels ? Self.soft : "")"
        + (hasLabelSets ? Self.several : ""))
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
      if hasLabelSets { append(sample.labels.map(String.init).joined(separator: " ")) }
    }
    return bytes
  }

  /// - Throws: when the bytes are no list's, which ends with its last sample.
  init(_ bytes: [UInt8]) throws(Malformed) {
    var fields = Fields(bytes: bytes)
    let first = try fields.text().pieces(at: " ", keepingEmpty: true)
    let kinds = first.dropFirst().map { " " + $0 }
    let known = [Self.weights, Self.soft, Self.several].map { ($0, isThere: kinds.contains($0)) }
    let (hasWeights, hasSoftLabels, hasLabelSets) = (
      known[0].isThere, known[1].isThere, known[2].isThere
    )
    guard let count = Int(first[0]), (0...bytes.count).contains(count),
      kinds == known.filter(\.isThere).map(\.0)
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
      let weight = hasWeights ? try Self.float(fields.text()) : 1
      let softLabel =
        hasSoftLabels
        ? try Self.shares(fields.text(), classes: count, areOne: !hasLabelSets) : nil
      let labelSet = hasLabelSets ? try Self.labels(fields.text(), classes: count) : nil
      guard labelSet.map({ $0.first ?? 0 == label }) ?? true else { throw Malformed() }
      samples.append(
        Sample(
          path: path, label: label, labelSet: labelSet, split: Split(rawValue: split),
          bytes: length, group: group.isEmpty ? nil : group, fold: Int(fold), weight: weight,
          softLabel: softLabel))
    }
    self.init(classes: classes, samples: samples[...])
  }

  private static let weights = " weights"
  private static let soft = " soft"
  private static let several = " several"

  private static func text(_ value: Float) -> String { String(value.bitPattern, radix: 16) }

  private static func float(_ text: String) throws(Malformed) -> Float {
    guard let bits = UInt32(text, radix: 16) else { throw Malformed() }
    let value = Float(bitPattern: bits)
    guard value.isFinite, value >= 0 else { throw Malformed() }
    return value
  }

  /// Ascending.
  private static func labels(_ text: String, classes: Int) throws(Malformed) -> [Int] {
    var labels: [Int] = []
    for field in text.pieces(at: " ", keepingEmpty: true) where !text.isEmpty {
      guard let label = Int(field), ((labels.last ?? -1) + 1..<classes).contains(label) else {
        throw Malformed()
      }
      labels.append(label)
    }
    return labels
  }

  /// - Parameter areOne: whether they sum to one.
  private static func shares(
    _ text: String, classes: Int, areOne: Bool
  ) throws(Malformed) -> [Float]? {
    if text.isEmpty { return nil }
    let shares = try text.pieces(at: " ", keepingEmpty: true).map(float)
    guard shares.count == classes, !areOne || abs(shares.reduce(0, +) - 1) < 1e-3,
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
