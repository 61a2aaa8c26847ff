import Files
package import Images
import Yams

/// A step of the recipe's `augment`: what is done to a photo, in the recipe's words.
package enum AugmentStep: Hashable, Sendable {
  /// To a square of so many pixels. Where nothing is said of the rest, the pretrained weights decide
  /// (`normalize: auto`), and without such it is bilinear and not cropped.
  case resize(Int, interpolation: Interpolation? = nil, crop: Crop? = nil)
  /// Mirrored left to right with this probability, in training only.
  case randomHorizontalFlip(Double)
  case normalize(Normalization)

  /// What of a photo the square shows.
  package enum Crop: Hashable, Sendable {
    /// All of it, in other proportions.
    case none
    /// The middle: the square is this share of the shorter side.
    case center(Double)
  }

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

  /// How `resize` interpolates where neither the recipe nor the weights say.
  package static let usualInterpolation = Interpolation.bilinear

  static let names = ["resize", "random-horizontal-flip", "normalize"]

  /// The side of the square that `resize` makes.
  var imageSize: Int? {
    guard case .resize(let size, _, _) = self else { return nil }
    return size
  }

  var name: String {
    switch self {
    case .resize: Self.names[0]
    case .randomHorizontalFlip: Self.names[1]
    case .normalize: Self.names[2]
    }
  }
}

extension [AugmentStep] {
  /// The list as a recipe has it.
  package var recipeText: String {
    "[" + map { "{\($0.name): \($0.value)}" }.joined(separator: ", ") + "]"
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
    } write: {
      $0.recipeText
    }
  }
}

extension AugmentStep {
  private static let pixels = RecipeKind.integer(8...1024)
  private static let cropping = RecipeKind.number(0.1...1).or("none")
  private static let probability = RecipeKind.number(0...1)
  private static let mean = RecipeKind.numbers(1, 3, in: 0...1)
  private static let deviation = RecipeKind.numbers(1, 3, in: 0.001...1)

  fileprivate init(_ step: RecipeValue, imageSize: Int) throws(RecipeError) {
    let (name, value) = try Self.split(step)
    switch name {
    case "resize":
      self =
        try value.map { value throws(RecipeError) in
          try Self.resizing(value, imageSize: imageSize)
        } ?? .resize(imageSize)
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

  /// A number of pixels, or a map of `size`, `interpolation` and `crop`, none of which must be there.
  private static func resizing(
    _ value: RecipeValue, imageSize: Int
  ) throws(RecipeError) -> AugmentStep {
    guard case .mapping(let mapping) = value.node else { return .resize(try pixels.parse(value)) }
    var size = imageSize
    var interpolation: Interpolation?
    var crop: Crop?
    for (key, node) in mapping {
      let part = value.part(node, key: "\(value.key).\(key.name)")
      switch key.name {
      case "size": size = try pixels.parse(part)
      case "interpolation": interpolation = try RecipeKind<Interpolation>.choice.parse(part)
      case "crop": crop = try cropping.parse(part).map { .center($0) } ?? Crop.none
      default: throw part.error("`\(value.key)` has size, interpolation and crop, no `\(key.name)`")
      }
    }
    return .resize(size, interpolation: interpolation, crop: crop)
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
    case .resize(let size, nil, nil): return Self.pixels.write(size)
    case .resize(let size, let interpolation, let crop):
      var parts = ["size: \(Self.pixels.write(size))"]
      if let interpolation { parts.append("interpolation: \(interpolation.rawValue)") }
      switch crop {
      case .center(let share): parts.append("crop: \(Self.cropping.write(share))")
      case .some(.none): parts.append("crop: none")
      case nil: break
      }
      return "{\(parts.joined(separator: ", "))}"
    case .randomHorizontalFlip(let chance): return Self.probability.write(chance)
    case .normalize(.auto): return "auto"
    case .normalize(.fixed(let means, let deviations)):
      return "{mean: \(Self.mean.write(means)), std: \(Self.deviation.write(deviations))}"
    }
  }
}
