import ArgumentParser

/// Views of each photo that are averaged when models are asked.
struct ViewOptions: ParsableArguments {
  @Option(
    name: .customLong("tta"),
    help: ArgumentHelp(
      "Averages the answers to several views of each photo: none, flip, five-crop, eight, or a list "
        + "(evaluation.tta).", valueName: "views"),
    completion: .list(["none", "flip", "five-crop", "eight"]))
  var views: String?

  /// The same as settings of a recipe.
  var settings: [String] { views.map { ["evaluation.tta=\($0)"] } ?? [] }

  /// Makes sure that the settings of `--set` don't say it too.
  ///
  /// - Throws: `ValidationError`.
  func check(beside others: [String]) throws {
    if views != nil, others.contains(where: { $0.hasPrefix("evaluation.tta=") }) {
      throw ValidationError("--tta and --set evaluation.tta=… are the same key; give one of them")
    }
  }
}
