import Yams

extension Recipe {
  /// Some of the parameters, with a factor on their learning rate.
  package struct ParameterGroup: Sendable {
    /// See `ParameterPattern`.
    package let pattern: String
    package let learningRateScale: Double
  }
}

extension RecipeKind<[String]> {
  private static let pattern = RecipeKind<String>.text("a pattern")

  /// Patterns of parameters: a list, or one by itself.
  static var patterns: Self {
    let allowed = "a list of patterns, such as `[stem, layer1.*]`"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else {
        if case .mapping = value.node { throw value.mismatch(allowed) }
        return [try pattern.parse(value)]
      }
      var patterns: [String] = []
      for node in nodes { patterns.append(try pattern.parse(value.part(node, key: value.key))) }
      return patterns
    } write: {
      "[" + $0.map(pattern.write).joined(separator: ", ") + "]"
    }
  }
}

extension RecipeKind<[String: Double]> {
  private static let factor = RecipeKind<Double>.number(0...1_000_000)
  private static let name = RecipeKind<String>.text("a class")

  /// Classes, each with a factor.
  static var classFactors: Self {
    let allowed = "a list of classes, each with a factor, such as `[{fear: 3}, {awe: 0.5}]`"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node, !nodes.isEmpty else {
        throw value.mismatch(allowed)
      }
      var factors: [String: Double] = [:]
      for node in nodes {
        let item = value.part(node, key: value.key)
        guard case .mapping(let mapping) = node, mapping.count == 1 else {
          throw item.mismatch(allowed)
        }
        let (key, number) = mapping[mapping.startIndex]
        let named = key.name
        guard factors[named] == nil else {
          throw item.error("`\(value.key)` has `\(named.shortened)` twice; leave one out")
        }
        factors[named] = try factor.parse(
          value.part(number, key: "\(value.key).\(named.shortened)"))
      }
      return factors
    } write: { factors in
      let items = factors.sorted { $0.key < $1.key }
      return "["
        + items.map { "{\(name.write($0.key)): \(factor.write($0.value))}" }.joined(separator: ", ")
        + "]"
    }
  }
}

extension RecipeKind<[Recipe.ParameterGroup]> {
  private static let scale = RecipeKind<Double>.number(0...1000)
  private static let pattern = RecipeKind<String>.text("a pattern")

  /// Patterns of parameters, each with a factor.
  static var groups: Self {
    let allowed = "a list of patterns, each with a factor, such as `[{stem: 0.1}, {body: 0.5}]`"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else { throw value.mismatch(allowed) }
      var groups: [Recipe.ParameterGroup] = []
      for node in nodes {
        guard case .mapping(let mapping) = node, mapping.count == 1 else {
          throw value.part(node, key: value.key).mismatch(allowed)
        }
        let (key, factor) = mapping[mapping.startIndex]
        let name = key.name
        groups.append(
          Recipe.ParameterGroup(
            pattern: name,
            learningRateScale: try scale.parse(
              value.part(factor, key: "\(value.key).\(name.shortened)"))))
      }
      return groups
    } write: { groups in
      "["
        + groups.map { "{\(pattern.write($0.pattern)): \(scale.write($0.learningRateScale))}" }
        .joined(separator: ", ") + "]"
    }
  }
}
