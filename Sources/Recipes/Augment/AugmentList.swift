import Files
package import Images
import Yams

extension RecipeKind<[any Transform]> {
  /// A list of steps, each a map of its word to its value, or its bare word. A bare `resize` is to
  /// `imageSize`.
  static func steps(imageSize: Int) -> Self {
    let allowed = "a list of steps"
    let kind = Self(allowed) { value throws(RecipeError) in
      guard case .sequence(let nodes) = value.node else { throw value.mismatch(allowed) }
      var steps: [any Transform] = []
      var problems: [String] = []
      for node in nodes {
        do throws(RecipeError) {
          steps.append(try step(value.part(node, key: value.key), imageSize: imageSize))
        } catch {
          problems += error.problems
        }
      }
      if !problems.isEmpty { throw RecipeError(problems) }
      return steps
    } write: {
      $0.recipeText
    }
    return kind.meaning { $0.effect }
  }

  private static func step(
    _ step: RecipeValue, imageSize: Int
  ) throws(RecipeError) -> any Transform {
    let (word, value) = try split(step)
    guard let type = Transforms.all.first(where: { $0.word == word }) else {
      let words = Transforms.all.map { $0.word }
      let hint =
        nearestName(to: word, among: words).map { "did you mean `\($0)`?" }
        ?? "there are \(words.joined(separator: ", "))"
      throw step.error("unknown step `\(word.shortened)` in `\(step.key)`; \(hint)")
    }
    var transform = type.init(imageSize: imageSize)
    guard let value else {
      if let mismatch = transform.mismatch {
        throw step.error("`\(step.key).\(word)` needs \(mismatch.allowed)")
      }
      return transform
    }
    if let open = type.openWord {
      if value.node.plain == open { return transform }
      guard case .mapping(let mapping) = value.node, mapping.count > 0 else {
        throw value.mismatch("`\(open)`, or a map of keys")
      }
    }
    var reader = TransformReader(value)
    transform.show(&reader)
    try reader.finish()
    if let mismatch = transform.mismatch {
      throw (mismatch.key.flatMap { reader.part($0) } ?? value).mismatch(mismatch.allowed)
    }
    return transform
  }

  /// The word of a step and, if it has one, its value.
  private static func split(
    _ step: RecipeValue
  ) throws(RecipeError) -> (word: String, value: RecipeValue?) {
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
}

extension [any Transform] {
  /// The list as a recipe has it, in canonical form: of lists that say the same it is the same.
  package var recipeText: String {
    let steps = map { step in
      let type = Swift.type(of: step)
      let value = TransformWriter.text(step) ?? type.openWord
      return value.map { "{\(type.word): \($0)}" } ?? type.word
    }
    return "[" + steps.joined(separator: ", ") + "]"
  }

  /// The list with nothing left to `model.image-size`: of lists that do the same it is the same.
  package var effect: String {
    map { step -> any Transform in (step as? any SizedTransform)?.sized ?? step }.recipeText
  }

  /// What is done to photos that are not trained on.
  package var withoutRandom: [any Transform] { compactMap(\.inEvaluation) }
}
