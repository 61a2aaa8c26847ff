import Files
import Images
import Yams

/// Reads a transform's keys from what a recipe has behind its word: a map of them, or the value of the
/// first alone.
struct TransformReader: TransformKeys {
  private let value: RecipeValue
  private var known: [String] = []
  private var problems: [String] = []

  init(_ value: RecipeValue) { self.value = value }

  /// Throws what is wrong with values, and the keys that the transform doesn't have.
  func finish() throws(RecipeError) {
    var problems = problems
    if case .mapping(let mapping) = value.node {
      for (key, node) in mapping where !known.contains(key.name) {
        let part = value.part(node, key: "\(value.key).\(key.name)")
        problems += part.error(complaint(about: key.name)).problems
      }
    }
    if !problems.isEmpty { throw RecipeError(problems) }
  }

  /// - Parameter key: one that the transform doesn't have.
  private func complaint(about key: String) -> String {
    let name = key.shortened
    let elsewhere = NamesElsewhere.stepKey(for: key).flatMap { known.contains($0) ? $0 : nil }
    if let near = elsewhere ?? nearestName(to: name, among: known) {
      return "`\(value.key)` has no `\(name)`; did you mean `\(near)`?"
    }
    let list = known.dropLast().joined(separator: ", ")
    let all = known.count > 1 ? "\(list) and \(known[known.count - 1])" : known.joined()
    return "`\(value.key)` has \(all), no `\(name)`"
  }

  private mutating func read<Value>(_ key: String, _ kind: RecipeKind<Value>) -> Value? {
    known.append(key)
    guard let part = part(key) else { return nil }
    do {
      return try kind.parse(part)
    } catch {
      problems += error.problems
      return nil
    }
  }

  /// What is written for a key.
  func part(_ key: String) -> RecipeValue? {
    guard case .mapping(let mapping) = value.node else { return known.first == key ? value : nil }
    return mapping[key].map { value.part($0, key: "\(value.key).\(key)") }
  }

  mutating func integer(_ key: String, _ value: inout Int?, in range: ClosedRange<Int>) {
    value = read(key, .integer(range)) ?? value
  }

  mutating func number(_ key: String, _ value: inout Double, in range: ClosedRange<Double>) {
    value = read(key, .number(range)) ?? value
  }

  mutating func number(
    _ key: String, _ value: inout NumberOrWord?, in range: ClosedRange<Double>,
    or words: [String]
  ) {
    value = read(key, .number(range, or: words)) ?? value
  }

  mutating func numbers(
    _ key: String, _ value: inout [Double]?, counts: [Int], in range: ClosedRange<Double>
  ) {
    value = read(key, .numbers(counts, in: range)) ?? value
  }

  mutating func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ value: inout Word?
  ) {
    value = read(key, .choice) ?? value
  }

  mutating func numbers(
    _ key: String, _ value: inout [Double]?, oneOr counts: [Int], in range: ClosedRange<Double>
  ) {
    value = read(key, .numbers(oneOr: counts, in: range)) ?? value
  }
}
