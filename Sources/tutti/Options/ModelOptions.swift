import ArgumentParser

/// Models that are asked together, one after the other behind the option.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Runs' folders (the best checkpoint; RUN@last: the newest), checkpoints, or a "
        + "cross-validation's folder (all folds); or an ensemble's folder, alone.",
      valueName: "path"),
    completion: .directory)
  var models: [String]
}

/// Changes of the recipes that runs were made with.
struct RunSettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Sets a key of the run's recipe, e.g. evaluation.micro-batch=8.", valueName: "key=value"),
    completion: .recipeKeys)
  var settings: [String] = []
}
