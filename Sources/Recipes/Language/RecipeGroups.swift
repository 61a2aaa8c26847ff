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
  /// Patterns of parameters.
  static var patterns: Self {
    list(of: "a pattern", "a list of patterns, such as `[stem, layer1.*]`")
  }

  /// Folders of runs and checkpoints, and files of weights.
  static var models: Self {
    list(of: "a run's folder", "a list of runs, such as `[runs/a, runs/b]`", least: 1)
  }

  /// A list of texts, or one by itself.
  private static func list(of item: String, _ allowed: String, least: Int = 0) -> Self {
    let text = RecipeKind<String>.text(item)
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else {
        if case .mapping = value.node { throw value.mismatch(allowed) }
        return [try text.parse(value)]
      }
      if nodes.count < least { throw value.mismatch(allowed) }
      var texts: [String] = []
      for node in nodes { texts.append(try text.parse(value.part(node, key: value.key))) }
      return texts
    } write: {
      "[" + $0.map(text.write).joined(separator: ", ") + "]"
    }
  }
}

extension RecipeKind<Double> {
  /// Names, each with a number: a list of maps of one key.
  fileprivate func named(
    in value: RecipeValue, allowed: String
  ) throws(RecipeError) -> [(name: String, number: Double, item: RecipeValue)] {
    guard case .sequence(let nodes) = value.node else { throw value.mismatch(allowed) }
    var pairs: [(name: String, number: Double, item: RecipeValue)] = []
    for node in nodes {
      let item = value.part(node, key: value.key)
      guard case .mapping(let mapping) = node, mapping.count == 1 else {
        throw item.mismatch(allowed)
      }
      let (key, number) = mapping[mapping.startIndex]
      let part = value.part(number, key: "\(value.key).\(key.name.shortened)")
      pairs.append((key.name, try parse(part), item))
    }
    return pairs
  }

  /// The same as text.
  fileprivate func text(_ pairs: [(name: String, number: Double)]) -> String {
    "[" + pairs.map { "{\(quoted($0.name)): \(write($0.number))}" }.joined(separator: ", ") + "]"
  }
}

extension RecipeKind<[String: Double]> {
  /// Classes, each with a factor.
  static var classFactors: Self {
    classNumbers(
      .number(0...1_000_000),
      "a list of classes, each with a factor, such as `[{fear: 3}, {awe: 0.5}]`")
  }

  /// Classes, each with a probability.
  static var classThresholds: Self {
    classNumbers(
      .number(0...1),
      "a list of classes, each with a probability, such as `[{hat: 0.3}, {shirt: 0.6}]`")
  }

  private static func classNumbers(_ factor: RecipeKind<Double>, _ allowed: String) -> Self {
    Self(allowed) { value throws(RecipeError) in
      let pairs = try factor.named(in: value, allowed: allowed)
      if pairs.isEmpty { throw value.mismatch(allowed) }
      var factors: [String: Double] = [:]
      for (name, number, item) in pairs where factors.updateValue(number, forKey: name) != nil {
        throw item.error("`\(value.key)` has `\(name.shortened)` twice; leave one out")
      }
      return factors
    } write: { factors in
      factor.text(factors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }
}

extension RecipeKind<[Recipe.ParameterGroup]> {
  private static let scale = RecipeKind<Double>.number(0...1000)

  /// Patterns of parameters, each with a factor.
  static var groups: Self {
    let allowed = "a list of patterns, each with a factor, such as `[{stem: 0.1}, {body: 0.5}]`"
    return Self(allowed) { value throws(RecipeError) in
      try scale.named(in: value, allowed: allowed).map {
        Recipe.ParameterGroup(pattern: $0.name, learningRateScale: $0.number)
      }
    } write: { groups in
      scale.text(groups.map { ($0.pattern, $0.learningRateScale) })
    }
  }
}
