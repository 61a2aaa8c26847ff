import ArgumentParser
import Files
import Recipes
import Runs

/// Keys of a recipe.
struct RecipeSettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Sets a key of the recipe, e.g. training.epochs=3.", valueName: "key=value"),
    completion: .recipeKeys)
  var settings: [String] = []
}

/// A recipe's file, or a run that has one, and changes of it, for commands that are given their photos in a way of their own.
struct RecipeFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A recipe, or a run's folder; without one, all keys have their defaults.", valueName: "file"),
    completion: .recipe)
  var recipe: String?

  @OptionGroup var changes: RecipeSettingOptions

  /// What a run's recipe knows of its weights, whose file need not be there any more; nil for a file.
  var savedRecipe: SavedRecipe? {
    get throws {
      guard let folder = recipe.map({ RunFolder(path: $0) }), folder.holdsRun else { return nil }
      return try folder.savedRecipe()
    }
  }

  /// The recipe for these photos.
  ///
  /// - Parameter settings: of the command's own options, which override `--set`.
  func makeRecipe(photos: String, overridingWith settings: [String] = []) throws -> Recipe {
    let overrides = changes.settings + ["data.path=\(Recipe.value(photos))"] + settings
    return try recipe.map { try Recipe(ofFileOrRun: $0, overrides: overrides) }
      ?? Recipe(overrides: overrides)
  }
}

/// What is done about photos that can't be used.
struct SkipCorruptOption: ParsableArguments {
  @Flag(
    help:
      "Decodes all photos first and leaves out those that can't be, as data.corrupt=skip does.")
  var skipCorrupt = false

  /// The same as settings of a recipe.
  var settings: [String] { skipCorrupt ? ["data.corrupt=skip"] : [] }
}

/// The photos of a recipe, and changes of it.
struct RecipeChangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The photos: one folder a class, or train/, validation/ and test/ with such folders, or a manifest (.csv), a pack, or IDX files.",
      valueName: "path"),
    completion: .file())
  var data: String?

  @OptionGroup var changes: RecipeSettingOptions

  @OptionGroup var skipCorrupt: SkipCorruptOption

  /// In the order in which they override each other.
  var overrides: [String] {
    (data.map { ["data.path=\(Recipe.value($0))"] } ?? [])
      + skipCorrupt.settings + changes.settings
  }

  /// The recipe of a file with these options; `saved` is the run's own, used when no file is named.
  ///
  /// - Parameter first: settings of the command's own options, which `--set` overrides.
  func makeRecipe(
    of recipe: String?, saved: SavedRecipe?, overriding first: [String] = []
  ) throws -> Recipe {
    let overrides = first + overrides
    if let recipe { return try Recipe(path: recipe, overrides: overrides) }
    if let saved { return try Recipe(saved, overrides: overrides) }
    return try Recipe(overrides: overrides)
  }
}

/// The options that make a recipe.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A recipe; without one, all keys have their defaults.", valueName: "file"),
    completion: .recipe)
  var recipe: String?

  @OptionGroup var changing: RecipeChangeOptions

  /// The recipe of these options; `saved` is the run's own, used when none is named.
  ///
  /// - Parameter first: settings of the command's own options, which `--set` overrides.
  func makeRecipe(
    saved: SavedRecipe?, overriding first: [String] = []
  ) throws -> Recipe {
    try changing.makeRecipe(of: recipe, saved: saved, overriding: first)
  }

  /// What a run is called that isn't named: the recipe's file name.
  var name: String {
    RunFolderName.of(recipe)
  }
}

/// What a run is called after.
enum RunFolderName {
  static func of(_ recipe: String?) -> String {
    guard let recipe else { return "run" }
    return Paths.name(of: recipe).pieces(at: ".", keepingEmpty: true)[0]
  }
}
