import ArgumentParser

/// Which photos are kept together.
struct GroupByOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The manifest's column whose equal values must stay together; by default group, if it has one.",
      valueName: "column"))
  var groupBy: String?
}
