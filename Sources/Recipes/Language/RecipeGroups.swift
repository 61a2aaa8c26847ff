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
