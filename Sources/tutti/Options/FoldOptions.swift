import ArgumentParser
import Recipes

/// How photos are dealt out to folds.
struct FoldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many folds; by default the manifest's own, or else 5 (crossval.folds).",
      valueName: "number"))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "The manifest's column whose equal values must stay in one fold; by default group, if it has one (data.group-by).",
      valueName: "column"))
  var groupBy: String?

  func validate() throws {
    if let folds, folds < 2 { throw ValidationError("--folds must be at least 2") }
  }

  /// The same as settings of a recipe.
  var settings: [String] {
    (folds.map { ["crossval.folds=\($0)"] } ?? [])
      + (groupBy.map { ["data.group-by=\(Recipe.value($0))"] } ?? [])
  }
}
