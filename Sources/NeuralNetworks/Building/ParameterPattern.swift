import Tensors

/// Some of a model's parameters and running statistics, by a name that stands for them:
///
/// - `body`, `head`, or `stem` (what comes before the first block);
/// - a place in the tree of names and all below it: `layer1`, `blocks.0`, `fc.weight`;
/// - the same with `*` for any letters: `layer*.0`, `*.bias`.
package struct ParameterPattern: Sendable {
  package static let words = ["body", "head", "stem"]

  private let text: String

  package init(_ text: String) { self.text = text }

  /// The names that it stands for, in the layout's order.
  package func names(in model: Model) -> [String] {
    let names = model.layout.entries.map(\.name)
    switch text {
    case "head": return names.filter(model.headNames.contains)
    case "body": return names.filter { !model.headNames.contains($0) }
    case "stem":
      let depths = model.layerDepths
      return names.filter { depths.of[$0] == 0 }
    default:
      return names.filter { name in
        let places = name.indices.filter { name[$0] == "." } + [name.endIndex]
        return places.contains { Self.matches(Array(name[..<$0]), Array(text)) }
      }
    }
  }

  /// Whether a name is the pattern's, `*` being any letters or none.
  private static func matches(_ name: [Character], _ pattern: [Character]) -> Bool {
    // ends[i]: the part of the pattern so far is that of the name's first i letters.
    var ends = [true] + Array(repeating: false, count: name.count)
    for symbol in pattern {
      if symbol == "*" {
        for i in name.indices where ends[i] { ends[i + 1] = true }
      } else {
        for i in name.indices.reversed() { ends[i + 1] = ends[i] && name[i] == symbol }
        ends[0] = false
      }
    }
    return ends[name.count]
  }
}

extension Model {
  /// How deep each parameter and running statistic lies: 0 in the stem, then a number for each block,
  /// and `last` for what follows the blocks, the head included.
  package var layerDepths: (of: [String: Int], last: Int) {
    let parameters = layout.entries.filter { $0.kind != .statistic }.map(\.name)
    let names = BlockNames()
    var blocks: [String: Int] = [:]
    for name in parameters where !headNames.contains(name) {
      if let block = names.block(of: name), blocks[block] == nil {
        blocks[block] = blocks.count + 1
      }
    }
    let last = blocks.count + 1
    var layers: [Substring: Int] = [:]
    var hasMetBlock = false
    for name in parameters {
      let block = headNames.contains(name) ? nil : names.block(of: name).flatMap { blocks[$0] }
      hasMetBlock = hasMetBlock || block != nil
      layers[Self.layer(of: name)] = block ?? (hasMetBlock ? last : 0)
    }
    let depths = layout.entries.map { ($0.name, layers[Self.layer(of: $0.name)] ?? last) }
    return (Dictionary(uniqueKeysWithValues: depths), last)
  }

  /// `layer1.0.bn1` of `layer1.0.bn1.weight`.
  private static func layer(of name: String) -> Substring {
    name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
  }
}

/// Which block of a net a parameter belongs to. Made once for all of a net's names, since a regular
/// expression is parsed wherever it is written.
private struct BlockNames {
  private let downsampling = /(stages\.[0-9]+)\.downsample\./
  private let numbered = /((?:[^.]+\.)*?[0-9]+(?:\.[0-9]+)*(?:\.blocks\.[0-9]+)?)\./

  /// `layer1.0` of `layer1.0.bn1.weight`, `blocks.2.1` of `blocks.2.1.conv_pw.weight`,
  /// `stages.1.blocks.0` of `stages.1.blocks.0.norm.weight` and of `stages.1.downsample.1.weight`, which
  /// comes before it.
  func block(of name: String) -> String? {
    if name.hasPrefix("stem.") { return nil }
    if let stage = name.prefixMatch(of: downsampling) { return "\(stage.1).blocks.0" }
    return name.prefixMatch(of: numbered).map { String($0.1) }
  }
}
