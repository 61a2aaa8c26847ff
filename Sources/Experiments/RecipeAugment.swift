import Datasets
import Yams

/// A step of the recipe's `augment`: what is done to a photo, in the recipe's words.
package enum AugmentStep: Hashable, Sendable {
  /// To a square of so many pixels.
  case resize(Int)
  /// Mirrored left to right with this probability, in training only.
  case randomHorizontalFlip(Double)
  case normalize(Normalization)

  /// What is taken off each channel and what it is divided by, for pixels from 0 to 1.
  package enum Normalization: Hashable, Sendable {
    case auto
    /// One number for grey images, three for colour.
    case fixed(mean: [Double], std: [Double])
  }

  /// The augmentation of a recipe that names none.
  static func standard(imageSize: Int) -> [AugmentStep] {
    [.resize(imageSize), .randomHorizontalFlip(0.5), .normalize(.auto)]
  }

  static let names = ["resize", "random-horizontal-flip", "normalize"]

  var name: String {
    switch self {
    case .resize: Self.names[0]
    case .randomHorizontalFlip: Self.names[1]
    case .normalize: Self.names[2]
    }
  }
}

extension RecipeKind<[AugmentStep]> {
  /// A list of steps, each a map of its name to its value, or its bare name. A bare `resize` is to
  /// `imageSize`.
  static func steps(imageSize: Int) -> Self {
    let allowed = "a list of steps"
    return Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else { throw value.mismatch(allowed) }
      var steps: [AugmentStep] = []
      for node in nodes {
        steps.append(try AugmentStep(value.part(node, key: value.key), imageSize: imageSize))
      }
      return steps
    } write: { steps in
      "[" + steps.map { "{\($0.name): \($0.value)}" }.joined(separator: ", ") + "]"
    }
  }
}

extension AugmentStep {
  private static let pixels = RecipeKind.integer(8...1024)
  private static let probability = RecipeKind.number(0...1)
  private static let mean = RecipeKind.numbers(1, 3, in: 0...1)
  private static let deviation = RecipeKind.numbers(1, 3, in: 0.001...1)

  fileprivate init(_ step: RecipeValue, imageSize: Int) throws(RecipeError) {
    let (name, value) = try Self.split(step)
    switch name {
    case "resize":
      self = .resize(try value.map(Self.pixels.parse) ?? imageSize)
    case "random-horizontal-flip":
      self = .randomHorizontalFlip(try value.map(Self.probability.parse) ?? 0.5)
    case "normalize":
      self = .normalize(try value.map(Self.normalization) ?? .auto)
    default:
      let hint =
        nearestName(to: name, among: Self.names).map { "did you mean `\($0)`?" }
        ?? "there are \(Self.names.joined(separator: ", "))"
      throw step.error("unknown step `\(name)` in `\(step.key)`; \(hint)")
    }
  }

  /// The name of a step and, if it has one, its value.
  private static func split(
    _ step: RecipeValue
  ) throws(RecipeError) -> (name: String, value: RecipeValue?) {
    switch step.node {
    case .scalar(let scalar) where !step.node.isNull:
      return (scalar.string, nil)
    case .mapping(let mapping) where mapping.count == 1:
      let (key, node) = mapping[mapping.startIndex]
      return (key.name, step.part(node, key: "\(step.key).\(key.name)"))
    default:
      throw step.error(
        "a step of `\(step.key)` is a name or a map of one key, such as `- resize: 224`; this is "
          + step.node.shown)
    }
  }

  private static func normalization(_ value: RecipeValue) throws(RecipeError) -> Normalization {
    if value.node.plain == "auto" { return .auto }
    let allowed = "`auto`, or {mean: [..], std: [..]} with a number for each channel"
    guard case .mapping(let mapping) = value.node, mapping.count == 2,
      let means = mapping["mean"], let deviations = mapping["std"]
    else { throw value.mismatch(allowed) }
    let fixed = (
      mean: try mean.parse(value.part(means, key: "\(value.key).mean")),
      std: try deviation.parse(value.part(deviations, key: "\(value.key).std"))
    )
    if fixed.mean.count != fixed.std.count { throw value.mismatch(allowed) }
    return .fixed(mean: fixed.mean, std: fixed.std)
  }

  /// The step's value as canonical text.
  fileprivate var value: String {
    switch self {
    case .resize(let size): Self.pixels.write(size)
    case .randomHorizontalFlip(let chance): Self.probability.write(chance)
    case .normalize(.auto): "auto"
    case .normalize(.fixed(let means, let deviations)):
      "{mean: \(Self.mean.write(means)), std: \(Self.deviation.write(deviations))}"
    }
  }
}
