import Files

/// The keys that exist, to tell what is wrong with one that doesn't.
struct RecipeNames {
  /// The keys that may be set.
  let keys: [String]
  /// Keys of rules that weren't chosen.
  let idle: [Recipe.Setting]

  /// `training` of `training.epochs` and of `training`.
  static func section(of key: String) -> String { String(key.prefix { $0 != "." }) }

  /// `epochs` of `training.epochs`, `augment` of `augment`.
  private static func leaf(of key: String) -> String {
    key.firstIndex(of: ".").map { String(key[key.index(after: $0)...]) } ?? key
  }

  private func leaves(of section: String) -> [String] {
    keys.filter { $0.hasPrefix("\(section).") }.map(Self.leaf)
  }

  /// What is wrong with a value under a key that doesn't exist; nil for a section.
  func problem(with value: RecipeValue) -> String? {
    let key = value.key.shortened
    let section = Self.section(of: key)
    let siblings = leaves(of: section)
    if key == section, let first = siblings.first {
      if value.isSection || value.node.isNull { return nil }
      return "`\(key)` is a section; set its keys, such as `\(key).\(first)`"
    }
    if keys.contains(section) {
      let example =
        section == "augment" ? "{resize: 224}" : "{from-epoch: 0, size: 160}, …"
      return "`\(section)` is a list; set the whole of it, as in '\(section)=[\(example)]'"
    }
    let unknown = "unknown \(value.isSection ? "section" : "key") `\(key)`"
    if let near = suggestion(for: key, isSection: value.isSection, among: keys) {
      return "\(unknown); did you mean `\(near)`?"
    }
    if let near = suggestion(for: key, isSection: false, among: idle.map(\.key)),
      let setting = idle.first(where: { $0.key == near || Self.leaf(of: $0.key) == near }),
      let rule = setting.rule
    {
      let words = rule.words.joined(separator: "` or `")
      return "\(unknown); `\(setting.key)` belongs to `\(rule.key): \(words)`"
    }
    if siblings.isEmpty { return unknown }
    return "\(unknown); `\(section)` has \(siblings.joined(separator: ", "))"
  }

  /// What the name means elsewhere, or the nearest name: in the key's own section, of a section, or in
  /// any section.
  private func suggestion(
    for key: String, isSection: Bool, among keys: [String]
  ) -> String? {
    let section = Self.section(of: key)
    let leaf = Self.leaf(of: key)
    if let own = NamesElsewhere.key(for: leaf), keys.contains(own) {
      return isSection ? Self.section(of: own) : own
    }
    let siblings = keys.filter { $0.hasPrefix("\(section).") }.map(Self.leaf)
    if let near = nearestName(to: leaf, among: siblings) { return near }
    if siblings.isEmpty {
      let names = key == section ? keys.map(Self.section) : keys
      if let near = nearestName(to: key, among: names) { return near }
    }
    guard let near = nearestName(to: leaf, among: keys.map(Self.leaf)) else { return nil }
    return keys.first { Self.leaf(of: $0) == near }
  }
}
