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
}
