import ArgumentParser

/// The net that is measured, and on what.
struct BenchNetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model's name, as model.name of a recipe.", valueName: "name"))
  var model = "resnet18"

  @Option(help: ArgumentHelp("The side of the square images.", valueName: "pixels"))
  var size = 224
}

/// The threads of a process by itself.
struct BenchThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads; by default the cores.", valueName: "threads"))
  var threads: Int?

  func validate() throws { try require(threads ?? 1, in: BenchLimits.threads, for: "--threads") }
}
