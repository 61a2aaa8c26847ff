import ArgumentParser

/// How cross-validations are run whose folds are one queue.
struct QueueOptions: ParsableArguments {
  enum ParallelFolds: ExpressibleByArgument {
    case auto
    case number(Int)

    init?(argument: String) {
      if argument == "auto" {
        self = .auto
      } else if let number = Int(argument), number > 0 {
        self = .number(number)
      } else {
        return nil
      }
    }

    var defaultValueDescription: String { "auto" }
  }

  @Option(
    help: ArgumentHelp(
      "How many folds are trained side by side, by as many teams of ranks; auto: what is expected to be done first.",
      valueName: "auto or number"))
  var parallelFolds: ParallelFolds = .auto

  @OptionGroup var logging: LogOptions
  @OptionGroup var waiting: WaitOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The folder; by default runs/DATE-RECIPE-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "auto: starts where there is nothing yet, and goes on where folds are missing: each from its newest checkpoint.",
      valueName: "auto"))
  var resume: Resume?

  @Flag(
    help:
      "Reads and checks everything, takes three steps of a fold on each team, says what all folds would take of time, memory and disk, and writes nothing."
  )
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Prints how many ranks and threads of each suit so many cores, and does no more.",
      visibility: .hidden))
  var planForCores: Int?

  func validate() throws {
    if resume != nil && folder == nil {
      throw ValidationError("--resume auto needs --run FOLDER: what is to go on?")
    }
  }

  /// Nil: as many as are expected to be done first.
  var teams: Int? {
    if case .number(let number) = parallelFolds { number } else { nil }
  }
}
