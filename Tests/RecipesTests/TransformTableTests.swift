import Images
import Recipes
import Testing

/// What holds for each transform that a recipe may name.
@Suite struct TransformTableTests {
  /// A list with the transform where it may stand; `value` is what follows its word.
  private static func list(_ type: any Transform.Type, _ value: String) -> String {
    let normalize = type.word == Normalize.word ? "" : ", normalize"
    let resize = type.word == Resize.word ? "" : "resize, "
    let isOfFloats = type is any FloatTransform.Type
    let step = "{\(type.word): \(value)}"
    return isOfFloats
      ? "[resize, normalize, \(step)]"
      : type.word == Normalize.word ? "[resize, \(step)]" : "[\(resize)\(step)\(normalize)]"
  }

  private static func recipe(_ list: String) throws -> Recipe {
    try Recipe(overrides: ["augment=\(list)"])
  }

  /// All but those that do nothing by their defaults.
  @Test(
    arguments: Transforms.all.indices.filter {
      Transforms.all[$0].init(imageSize: 8).mismatch == nil
    })
  func `a bare word has the defaults, and is written so that it is read as the same`(
    index: Int
  ) throws {
    let type = Transforms.all[index]
    let bare = Self.list(type, "x").replacing("{\(type.word): x}", with: type.word)
    let recipe = try Self.recipe(bare)
    #expect(recipe.augment.contains { Swift.type(of: $0) == type })
    #expect(try Self.recipe(recipe.augment.recipeText) == recipe)
  }

  @Test(arguments: Transforms.all.indices)
  func `a key that it doesn't have is refused by name`(index: Int) throws {
    let type = Transforms.all[index]
    let error = try #require(throws: RecipeError.self) {
      try Self.recipe(Self.list(type, "{nothing: 1}"))
    }
    #expect(error.description.contains("`augment.\(type.word)` has "), "\(error)")
    #expect(error.description.hasSuffix("no `nothing`"), "\(error)")
  }

  @Test(arguments: [
    ("{resize: {crop: pad}}", "{resize: {crop: pad, fill: 0.0}}"),
    ("{resize: {fill: [1, 2, 3], crop: pad}}", "{resize: {crop: pad, fill: [1.0, 2.0, 3.0]}}"),
    (
      "{random-resized-crop: {scale: [0.5, 1], ratio: [1, 2], evaluation-crop: pad}}",
      "{random-resized-crop: {scale: [0.5, 1.0], ratio: [1.0, 2.0], evaluation-crop: pad, "
        + "evaluation-fill: 0.0}}"
    ),
  ])
  func `a padded photo's fill is written with it`(step: String, text: String) throws {
    let recipe = try Self.recipe("[\(step), normalize]")
    #expect(recipe.augment.recipeText == "[\(text), {normalize: auto}]")
    #expect(try Self.recipe(recipe.augment.recipeText) == recipe)
  }

  @Test func `words are in kebab-case, and each is there once`() {
    let words = Transforms.all.map { $0.word }
    #expect(Set(words).count == words.count)
    #expect(words.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
  }
}
