import Images

/// Writes a transform's keys as a recipe has them, in canonical form: the value of the first alone
/// where no other is set, else a map.
struct TransformWriter: TransformKeys {
  private var keys: [String] = []
  private var parts: [(key: String, text: String)] = []

  /// Nil where no key is set.
  static func text(_ transform: any Transform) -> String? {
    var (transform, writer) = (transform, TransformWriter())
    transform.show(&writer)
    if writer.parts.isEmpty { return nil }
    if writer.parts.count == 1, writer.parts[0].key == writer.keys[0] {
      return writer.parts[0].text
    }
    return "{" + writer.parts.map { "\($0.key): \($0.text)" }.joined(separator: ", ") + "}"
  }

  private mutating func write<Value>(_ key: String, _ value: Value?, _ kind: RecipeKind<Value>) {
    keys.append(key)
    if let value { parts.append((key, kind.write(value))) }
  }

  mutating func integer(_ key: String, _ value: inout Int?, in range: ClosedRange<Int>) {
    write(key, value, .integer(range))
  }

  mutating func number(_ key: String, _ value: inout Double, in range: ClosedRange<Double>) {
    write(key, value, .number(range))
  }

  mutating func number(
    _ key: String, _ value: inout NumberOrWord?, in range: ClosedRange<Double>,
    or words: [String]
  ) {
    write(key, value, .number(range, or: words))
  }

  mutating func numbers(
    _ key: String, _ value: inout [Double]?, counts: [Int], in range: ClosedRange<Double>
  ) {
    write(key, value, .numbers(counts, in: range))
  }

  mutating func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ value: inout Word?
  ) {
    write(key, value, .choice)
  }

  mutating func numbers(
    _ key: String, _ value: inout [Double]?, oneOr counts: [Int], in range: ClosedRange<Double>
  ) {
    write(key, value, .numbers(oneOr: counts, in: range))
  }
}
