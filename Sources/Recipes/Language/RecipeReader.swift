/// Reads a recipe key by key. `read` is the one declaration of a key: it parses, falls back on the
/// default, and records the value for the resolved recipe. `refuseUnknownKeys` notes what was never read.
struct RecipeReader {
  private let source: RecipeSource
  private(set) var settings: [Recipe.Setting] = []
  private(set) var problems: [String] = []

  init(_ source: RecipeSource) { self.source = source }

  /// The value of a key. Keys are resolved and documented in the order of these calls. A value that
  /// is not allowed is noted as a problem, and the default returned.
  mutating func read<Value>(
    _ key: String, _ kind: RecipeKind<Value>, default standard: Value, affectsResults: Bool = true
  ) -> Value {
    let written = source[key]
    var value = standard
    if let written {
      do { value = try kind.parse(written) } catch { problems += error.problems }
    }
    settings.append(
      Recipe.Setting(
        key: key, value: kind.write(value), allowed: kind.allowed, affectsResults: affectsResults,
        place: written?.place))
    return value
  }

  /// The value of a key that may also be a word such as `none`, which is nil.
  mutating func read<Value>(
    _ key: String, _ kind: RecipeKind<Value>, or word: String, default standard: Value?,
    affectsResults: Bool = true
  ) -> Value? {
    read(key, kind.or(word), default: standard, affectsResults: affectsResults)
  }

  /// Notes a problem between several keys, at the first of them that was written.
  mutating func require(_ holds: Bool, _ keys: String..., otherwise problem: String) {
    if holds { return }
    let place = keys.compactMap { source[$0]?.place }.first
    problems += RecipeError(at: place ?? keys[0], problem).problems
  }

  /// Notes each key that was written but not read.
  mutating func refuseUnknownKeys() {
    let names = RecipeNames(keys: settings.map(\.key))
    var refused: Set<String> = []  // sections with a line of their own, which speaks for their keys
    for value in source.values where !refused.contains(RecipeNames.section(of: value.key)) {
      if names.keys.contains(value.key) {
        if value.isSection { refused.insert(value.key) }  // `read` noted a map that is no section
      } else if let problem = names.problem(with: value) {
        problems += value.error(problem).problems
        refused.insert(value.key)
      }
    }
  }
}
