import Yams

extension Recipe {
  /// Some of the frozen parameters, and the epoch from which on they learn.
  package struct Unfreezing: Equatable, Sendable {
    /// Counted from 0.
    package let fromEpoch: Int
    /// See `ParameterPattern`.
    package let patterns: [String]
  }
}

extension RecipeKind<[Recipe.Unfreezing]> {
  private static let epoch = RecipeKind<Int>.integer(1...100_000)
  private static let patterns = RecipeKind<[String]>.patterns

  /// Phases in their order.
  static var unfreezing: Self {
    let example = "{from-epoch: 2, patterns: [layer4]}"
    let allowed = "a list of phases, such as `[\(example)]`"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else { throw value.mismatch(allowed) }
      var phases: [Recipe.Unfreezing] = []
      for node in nodes {
        let item = value.part(node, key: value.key)
        guard case .mapping(let mapping) = node, mapping.count == 2,
          let first = mapping["from-epoch"], let names = mapping["patterns"]
        else {
          throw item.error(
            "a phase of `\(value.key)` has `from-epoch` and `patterns`, such as `\(example)`")
        }
        phases.append(
          Recipe.Unfreezing(
            fromEpoch: try epoch.parse(value.part(first, key: "\(value.key).from-epoch")),
            patterns: try patterns.parse(value.part(names, key: "\(value.key).patterns"))))
      }
      let epochs = phases.map(\.fromEpoch)
      guard zip(epochs, epochs.dropFirst()).allSatisfy(<) else {
        throw value.error(
          "the phases of `\(value.key)` begin at the epochs \(epochs.map(String.init).joined(separator: ", ")); "
            + "each has to begin after the one before")
      }
      return phases
    } write: { phases in
      let items = phases.map {
        "{from-epoch: \($0.fromEpoch), patterns: \(patterns.write($0.patterns))}"
      }
      return "[\(items.joined(separator: ", "))]"
    }
  }
}
