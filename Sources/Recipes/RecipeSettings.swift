extension Recipe {
  /// A key and its value as canonical text.
  package struct Setting: Sendable {
    /// The dotted key: `training.epochs`.
    package let key: String
    package let value: String
    /// What the value may be, in words.
    package let allowed: String
    /// Whether another value makes another model: such keys can't change on resume.
    package let affectsResults: Bool
    /// Where it was written: `recipe.yaml:7`; nil for a default.
    package let place: String?
  }

  /// A setting of which two recipes differ.
  package struct Difference: Equatable, Sendable, CustomStringConvertible {
    package let key: String
    package let old: String
    package let new: String
    package let affectsResults: Bool

    package var description: String { "\(key) was \(old), is \(new)" }
  }

  /// The recipe as YAML with every key. Read again, it gives the same recipe and the same text.
  package var resolved: String { Self.yaml(settings) }

  /// The settings that differ from their defaults.
  package func changedSettings() throws(RecipeError) -> [Setting] {
    zip(try Recipe().settings, settings).filter { $0.value != $1.value }.map(\.1)
  }

  /// Settings as YAML, in the order of declaration.
  package static func yaml(_ settings: [Setting]) -> String {
    var text = ""
    var section: Substring = ""
    for setting in settings {
      let parts = setting.key.split(separator: ".", maxSplits: 1)
      if parts.count == 1 {
        text += "\(setting.key): \(setting.value)\n"
      } else {
        if parts[0] != section { text += "\(parts[0]):\n" }
        text += "  \(parts[1]): \(setting.value)\n"
      }
      section = parts[0]
    }
    return text
  }

  /// The settings that affect results.
  package var resultKeys: [(key: String, value: String)] {
    settings.filter(\.affectsResults).map { ($0.key, $0.value) }
  }

  /// The settings that affect results as text, to take a digest of.
  package var resultText: String {
    resultKeys.map { "\($0.key): \($0.value)\n" }.joined()
  }

  /// The settings in which two recipes differ, in the order of declaration.
  package static func differences(old: Recipe, new: Recipe) -> [Difference] {
    zip(old.settings, new.settings).filter { $0.value != $1.value }.map { old, new in
      Difference(
        key: old.key, old: old.value, new: new.value, affectsResults: new.affectsResults)
    }
  }

  /// An error about a key's value that only others could find, such as a model's unknown name.
  package func error(at key: String, _ problem: String) -> RecipeError {
    RecipeError(at: settings.first { $0.key == key }?.place ?? key, problem)
  }
}

/// Recipes are equal if all their values are, wherever they were written.
extension Recipe: Equatable {
  package static func == (a: Recipe, b: Recipe) -> Bool { a.resolved == b.resolved }
}
