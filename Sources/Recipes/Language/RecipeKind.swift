import Evaluation
import Images
import Yams

/// A kind of value: what is allowed, how it is read from YAML, and how it is written so that reading
/// it again gives the same value.
struct RecipeKind<Value: Sendable>: Sendable {
  /// For messages and docs/recipe.md: "a whole number from 1 to 100000".
  let allowed: String
  let parse: @Sendable (RecipeValue) throws(RecipeError) -> Value
  let write: @Sendable (Value) -> String
  /// The value as text with what it leaves to other keys filled in.
  private(set) var effect: @Sendable (Value) -> String

  init(
    _ allowed: String, parse: @escaping @Sendable (RecipeValue) throws(RecipeError) -> Value,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.allowed = allowed
    self.parse = parse
    self.write = write
    effect = write
  }

  /// A kind whose only complaint is that the value is not allowed.
  init(
    _ allowed: String, read: @escaping @Sendable (Node) -> Value?,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.init(
      allowed,
      parse: { value throws(RecipeError) in
        guard let result = read(value.node) else { throw value.mismatch(allowed) }
        return result
      }, write: write)
  }

  /// This kind, whose values leave something to other keys.
  func meaning(_ effect: @escaping @Sendable (Value) -> String) -> Self {
    var kind = self
    kind.effect = effect
    return kind
  }

  /// This kind, or a word such as `none`, which is nil.
  func or(_ word: String) -> RecipeKind<Value?> {
    let allowed = "\(allowed), or `\(word)`"
    return RecipeKind<Value?>(
      allowed,
      parse: { value throws(RecipeError) in
        if value.node.plain == word { return nil }
        do { return try parse(value) } catch { throw value.mismatch(allowed) }
      }, write: { $0.map(write) ?? word })
  }
}

extension RecipeKind<Int> {
  static func integer(_ range: ClosedRange<Int>) -> Self {
    Self("a whole number from \(range.lowerBound) to \(range.upperBound)") { node in
      node.plain.flatMap(RecipeNumber.integer).flatMap { range.contains($0) ? $0 : nil }
    } write: {
      String($0)
    }
  }
}

extension RecipeKind<Double> {
  static func number(_ range: ClosedRange<Double>) -> Self {
    Self("a number from \(RecipeNumber.range(range))") { node in
      node.plain.flatMap(RecipeNumber.decimal).flatMap { range.contains($0) ? $0 : nil }
    } write: {
      RecipeNumber.text($0)
    }
  }
}

extension RecipeKind<NumberOrWord> {
  static func number(_ range: ClosedRange<Double>, or words: [String]) -> Self {
    let number = RecipeKind<Double>.number(range)
    let quoted = words.map { "`\($0)`" }.joined(separator: " or ")
    return Self("\(number.allowed), or \(quoted)") { node in
      if let word = node.plain, words.contains(word) { return .word(word) }
      return node.plain.flatMap(RecipeNumber.decimal)
        .flatMap { range.contains($0) ? .number($0) : nil }
    } write: {
      switch $0 {
      case .number(let value): number.write(value)
      case .word(let word): word
      }
    }
  }
}

extension RecipeKind<[Double]> {
  /// A list of as many numbers as one of `counts`.
  static func numbers(_ counts: Int..., in range: ClosedRange<Double>) -> Self {
    numbers(counts, in: range)
  }

  static func numbers(_ counts: [Int], in range: ClosedRange<Double>) -> Self {
    let item = RecipeKind<Double>.number(range)
    let lengths = counts.map(String.init).joined(separator: " or ")
    let allowed = "a list of \(lengths), each \(item.allowed)"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node, counts.contains(nodes.count) else {
        throw value.mismatch(allowed)
      }
      var numbers: [Double] = []
      for node in nodes { numbers.append(try item.parse(value.part(node, key: value.key))) }
      return numbers
    } write: {
      "[" + $0.map(item.write).joined(separator: ", ") + "]"
    }
  }
}

extension RecipeKind<[Double]> {
  /// One number, or a list of as many as one of `counts`.
  static func numbers(oneOr counts: [Int], in range: ClosedRange<Double>) -> Self {
    let (one, list) = (RecipeKind<Double>.number(range), numbers(counts, in: range))
    return Self("\(one.allowed), or \(list.allowed)") { value throws(RecipeError) in
      if case .sequence = value.node { return try list.parse(value) }
      return [try one.parse(value)]
    } write: {
      $0.count == 1 ? one.write($0[0]) : list.write($0)
    }
  }
}

extension RecipeKind where Value: RawRepresentable<String> & CaseIterable & Sendable {
  /// One of an enumeration's words.
  static var choice: Self {
    let words = Value.allCases.map { "`\($0.rawValue)`" }
    return Self(words.joined(separator: ", ")) { node in
      node.plain.flatMap(Value.init(rawValue:))
    } write: {
      $0.rawValue
    }
  }
}

extension RecipeKind<Bool> {
  /// YAML 1.2's two words; `yes`, `on` and the like are text to some readers and truth to others.
  static var flag: Self {
    Self("`true`, `false`") { node in
      node.plain.flatMap(Bool.init)
    } write: {
      String($0)
    }
  }
}

extension RecipeKind<Metric> {
  /// A metric by its name.
  static var metric: Self {
    Self(Metric.all.map { "`\($0.name)`" }.joined(separator: ", ")) { node in
      Metric.all.first { $0.name == node.plain }
    } write: {
      $0.name
    }
  }
}

extension RecipeKind<String> {
  /// Any text on one line, for names and paths.
  static func text(_ allowed: String) -> Self {
    Self(allowed) { node in
      guard let text = node.scalar?.string, !text.isEmpty, !node.isNull,
        !text.unicodeScalars.contains(where: breaksLine)
      else { return nil }
      return text
    } write: {
      quoted($0)
    }
  }
}

extension RecipeKind<String> {
  /// A SHA-256 as `sha256sum` prints it.
  static var digest: Self {
    Self("64 hexadecimal digits") { node in
      guard let text = node.scalar?.string.lowercased(), text.utf8.count == 64,
        text.allSatisfy(\.isHexDigit)
      else { return nil }
      return text
    } write: {
      // In quotes, for without letters it would be a number.
      "\"\($0)\""
    }
  }
}

/// The text as YAML: plain where every YAML reader takes it for text, else in double quotes.
func quoted(_ text: String) -> String {
  let otherwise = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "auto"]
  let isPlain =
    text.wholeMatch(of: /[A-Za-z\/][A-Za-z0-9_.\/-]*/) != nil
    && !otherwise.contains(text.lowercased())
  if isPlain { return text }
  // By scalar, for a quote with an accent on it is another character.
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"", "\\": return "\\\(scalar)"
    case _ where isRead(scalar): return "\(scalar)"
    default:
      let digits = String(scalar.value, radix: 16)
      return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
  return "\"\(escaped.joined())\""
}

/// Whether YAML reads a scalar as it stands, in quotes and on one line.
private func isRead(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0xFEFF, 0xFFFE, 0xFFFF: false
  default: !breaksLine(scalar)
  }
}

/// Whether YAML could read a scalar in quotes as something else.
private func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
  [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
}
