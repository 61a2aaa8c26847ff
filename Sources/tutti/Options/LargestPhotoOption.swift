import ArgumentParser
import Images
import Recipes

/// How large photos may be, for commands without a recipe.
struct LargestPhotoOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The most megapixels that a photo may have.", valueName: "megapixels"))
  var largestPhoto: Int?

  /// - Throws: `RecipeError` for a number that isn't allowed.
  func decoding() throws -> Decoding {
    try Recipe(overrides: largestPhoto.map { ["data.largest-photo=\($0)"] } ?? []).data.decoding
  }
}
