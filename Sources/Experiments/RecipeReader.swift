/// Reads a recipe key by key. `read` is the one declaration of a key: it parses, falls back on the
/// default, and records the value for the resolved recipe. `finish` reports what was never read.
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
    let names = RecipeNames(settings.map(\.key))
    for value in source.values {
      if let problem = names.problem(with: value, in: source) {
        problems += value.error(problem).problems
      }
    }
  }
}

/// The keys that exist, to tell what is wrong with one that doesn't.
private struct RecipeNames {
  /// Not in this version; a recipe made for a later one is told so.
  static let reserved = [
    "model.head", "data.sampling", "data.stage", "mixing", "resize-schedule", "loss.class-weights",
    "ema", "precision", "recompute", "freeze", "early-stopping", "evaluation.tta", "crossval",
  ]

  let keys: [(section: String, leaf: String, key: String)]

  init(_ keys: [String]) {
    self.keys = keys.map { (Self.split($0).section, Self.split($0).leaf, $0) }
  }

  /// `training.epochs` is `epochs` in `training`; `augment` is itself in a section of that name.
  static func split(_ key: String) -> (section: String, leaf: String) {
    let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.last ?? "")
  }

  /// What is wrong with the key, nil if it exists.
  func problem(with value: RecipeValue, in source: RecipeSource) -> String? {
    let key = value.key
    if keys.contains(where: { $0.key == key }) { return nil }
    if let name = Self.reserved.first(where: { key == $0 || key.hasPrefix("\($0).") }) {
      let isNoted = key != name && source[name] != nil
      return isNoted ? nil : "`\(name)` is not supported by this version"
    }
    let (section, leaf) = Self.split(key)
    let siblings = keys.filter { $0.section == section && $0.key != section }.map(\.leaf)
    let isAlone = section == key
    if isAlone, !siblings.isEmpty {
      if value.node.isNull || value.isSection { return nil }
      return "`\(key)` is a section; set its keys, such as `\(key).\(siblings[0])`"
    }
    if !isAlone, source[section] != nil, siblings.isEmpty { return nil }  // the section was refused
    if !isAlone, keys.contains(where: { $0.key == section }) {
      return "`\(section)` is a list; set the whole of it, as in '\(section)=[{resize: 224}]'"
    }
    let kind = value.isSection ? "section" : "key"
    let known = siblings.isEmpty ? "" : "; `\(section)` has \(siblings.joined(separator: ", "))"
    return "unknown \(kind) `\(key)`"
      + (suggestion(section, leaf).map { "; did you mean `\($0)`?" } ?? known)
  }

  /// The key of this section, the section, or the key of any section that has the nearest name.
  private func suggestion(_ section: String, _ leaf: String) -> String? {
    let siblings = keys.filter { $0.section == section }.map(\.leaf)
    if let near = nearestName(to: leaf, among: siblings) { return near }
    if siblings.isEmpty, let near = nearestName(to: section, among: keys.map(\.section)) {
      return section == leaf ? near : "\(near).\(leaf)"
    }
    guard let near = nearestName(to: leaf, among: keys.map(\.leaf)) else { return nil }
    return keys.first { $0.leaf == near }?.key
  }
}
