import Files
import Yams

/// A value as somebody wrote it, and where.
struct RecipeValue {
  enum Origin: Equatable {
    case file(String)
    case override(String)
  }

  /// The dotted key: `training.epochs`.
  let key: String
  let node: Node
  let origin: Origin
  let line: Int

  init(key: String, node: Node, origin: Origin, line: Int?) {
    self.key = key
    self.node = node
    self.origin = origin
    self.line = line ?? 1
  }

  /// `recipe.yaml:7` or `--set training.epochs=3`.
  var place: String {
    switch origin {
    case .file(let name): "\(name):\(line)"
    case .override(let setting): "--set \(setting)"
    }
  }

  /// Whether this is a section of the file, whose keys are values of their own.
  var isSection: Bool {
    guard case .file = origin, case .mapping = node else { return false }
    return true
  }

  /// A part of this value: a list's item, or what a map has under a key.
  func part(_ node: Node, key: String) -> RecipeValue {
    RecipeValue(key: key, node: node, origin: origin, line: node.mark?.line ?? line)
  }

  func error(_ problem: String) -> RecipeError { RecipeError(at: place, problem) }

  /// `key` is `ten`; allowed: …
  func mismatch(_ allowed: String) -> RecipeError {
    error("`\(key)` is \(node.shown); allowed: \(allowed)")
  }
}

/// What was written in the file and on the command line: sections, their keys, and lists, as a flat
/// list in order. Knows YAML, but not which keys there are.
struct RecipeSource {
  private(set) var values: [RecipeValue] = []
  /// Where each key is in `values`.
  private var places: [ExactText: Int] = [:]

  /// No file: all defaults.
  init() {}

  /// Reads YAML. Throws for broken YAML, a repeated key, and a document that is not a map.
  ///
  /// - Parameter form: what such a document is; nil for a recipe.
  init(text: String, name: String, is form: String? = nil) throws(RecipeError) {
    guard let root = try parse(text, name: name), !root.isNull else {
      throw RecipeError(
        at: name,
        "the file is empty; \(form ?? "a recipe has at least one section, such as `data: {path: …}`")"
      )
    }
    guard case .mapping(let sections) = root else {
      throw RecipeError(
        at: "\(name):\(root.mark?.line ?? 1)",
        "\(form ?? "a recipe is a map of sections such as `training:`"), not \(root.shown)")
    }
    func add(_ key: String, _ node: Node, at mark: Mark?) throws(RecipeError) {
      let value = RecipeValue(key: key, node: node, origin: .file(name), line: mark?.line)
      if let first = self[key] {
        throw value.error("`\(key)` is written twice, first at \(first.place)")
      }
      append(value)
    }
    for (section, node) in sections {
      try add(section.name, node, at: section.mark)
      guard case .mapping(let keys) = node else { continue }
      for (key, node) in keys {
        try add("\(section.name).\(key.name)", node, at: key.mark)
      }
    }
  }

  subscript(key: String) -> RecipeValue? { places[ExactText(key)].map { values[$0] } }

  private mutating func append(_ value: RecipeValue) {
    places[ExactText(value.key)] = values.count
    values.append(value)
  }

  /// Replaces or adds one value by a setting `key=value`, as given to `--set`. Lists, maps and
  /// quoted text are YAML; anything else is taken as it stands, so that a path may hold `#` and `: `.
  mutating func override(_ setting: String) throws(RecipeError) {
    let origin = RecipeValue.Origin.override(setting)
    // By scalar, for an equals sign with an accent behind it is another character.
    let scalars = setting.unicodeScalars
    guard let equals = scalars.firstIndex(of: "=") else {
      throw RecipeError(at: "--set \(setting)", "no `=`; write KEY=VALUE, as in training.epochs=3")
    }
    let key = setting[..<equals].trimmed
    let text = setting[scalars.index(after: equals)...].trimmed
    let isYAML = text.unicodeScalars.first.map { "[{\"'".unicodeScalars.contains($0) } ?? false
    let node =
      isYAML
      ? try parse(text, name: "--set \(setting)") : Node.scalar(.init(text, .implicit, .plain))
    let value = RecipeValue(key: key, node: node ?? "", origin: origin, line: nil)
    if let place = places[ExactText(key)] {
      values[place] = value
    } else {
      append(value)
    }
  }
}

/// The document's root, nil if there is nothing in it.
private func parse(_ text: String, name: String) throws(RecipeError) -> Node? {
  func broken(
    _ problem: String, line: Int? = nil, in context: YamlError.Context? = nil
  ) -> RecipeError {
    let place = line.map { name.hasPrefix("--set") ? name : "\(name):\($0)" } ?? name
    let part = context.map { "\($0.text) (line \($0.mark.line)), " } ?? ""
    let whole = part + problem
    var hint = ""
    if whole.contains("cannot start any token") { hint = "; a tab? indent with spaces" }
    if whole.contains("alias") { hint = "; text that begins with * stands in quotes" }
    return RecipeError(at: place, "not valid YAML: \(whole)\(hint)")
  }
  let aliases = countAliases(text)
  guard aliases <= mostAliases else {
    throw RecipeError(
      at: name,
      "\(aliases) aliases (`*name`), of which a recipe may have \(mostAliases); write out what they "
        + "stand for")
  }
  do {
    // Tags are never asked for, so no pattern need be tried on each scalar. The encoding is named, or
    // else Yams asks an environment variable and prints what it found.
    return try Yams.compose(yaml: text, .basic, .default, .utf8)
  } catch YamlError.scanner(let context, let problem, let mark, _) {
    throw broken(problem, line: mark.line, in: context)
  } catch YamlError.parser(let context, let problem, let mark, _) {
    throw broken(problem, line: mark.line, in: context)
  } catch YamlError.composer(let context, let problem, let mark, _) {
    throw broken(problem, line: mark.line, in: context)
  } catch YamlError.reader(let problem, let offset, _, let yaml) {
    throw broken(problem, line: offset.map { yaml.prefix($0).count { $0.isNewline } + 1 })
  } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
    throw RecipeError(
      at: "\(name):\(context.mark.line)",
      "`\(keys[0].shortened)` is written twice in one section, the first time here")
  } catch {
    throw broken("\(error)")
  }
}

/// Of lists of aliases of lists of aliases, a few lines make millions of values, which Yams visits where
/// they are a key. Ten make 36 of one at most: 3 · 3 · 4.
private let mostAliases = 10

/// The aliases of anchors that the text has, or more: in comments and in quotes they are none.
private func countAliases(_ text: String) -> Int {
  let anchors = Set(names(behind: "&", in: text))
  return names(behind: "*", in: text).count { anchors.contains($0) }
}

/// What follows each of these characters, as far as YAML's names of anchors go.
private func names(behind mark: Unicode.Scalar, in text: String) -> [ExactText] {
  func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
  return text.pieces(at: mark, keepingEmpty: true).dropFirst()
    .map { ExactText(String(decoding: $0.utf8.prefix(while: isOfName), as: UTF8.self)) }
    .filter { !$0.text.isEmpty }
}

extension Node {
  /// Nothing, `~` or `null`.
  var isNull: Bool {
    plain.map { ["", "~", "null"].contains($0.lowercased()) } ?? false
  }

  /// The text of a scalar without quotes, which alone can be a number or a word.
  var plain: String? {
    guard case .scalar(let scalar) = self, scalar.style == .plain else { return nil }
    return scalar.string
  }

  /// The node as the name of a key.
  var name: String { scalar?.string ?? shown }

  /// The node in a message, on one line.
  var shown: String {
    switch self {
    case _ where isNull: return "empty"
    case .scalar(let scalar):
      let quote = scalar.style == .plain ? "" : "\""
      return "`\(quote)\(scalar.string.shortened)\(quote)`"
    case .sequence(let nodes):
      let items = nodes.compactMap(\.plain)
      return items.count == nodes.count && (1...8).contains(items.count)
        ? "`[\(items.joined(separator: ", ").shortened)]`" : "a list"
    default: return "a map"
    }
  }
}

extension String {
  /// As much of it as belongs into a message. By scalar, since a letter may have any number of accents.
  var shortened: String {
    let end = unicodeScalars.index(startIndex, offsetBy: 80, limitedBy: endIndex) ?? endIndex
    return end == endIndex ? self : "\(self[..<end])…"
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
