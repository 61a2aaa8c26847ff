import ArgumentParser
import MPI

/// How long ranks wait for each other, and what people are told meanwhile.
struct WaitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long a rank waits for the others in one call before it ends the run with a line; 0: for ever. To compute takes none of it, to write a checkpoint does.",
      valueName: "seconds"))
  var collectiveTimeout = MPI.defaultCollectiveTimeout

  @OptionGroup var telling: QuietOption

  /// nil: for ever.
  var limit: Int? { collectiveTimeout > 0 ? collectiveTimeout : nil }

  func validate() throws {
    if collectiveTimeout < 0 {
      throw ValidationError("--collective-timeout takes seconds, 0 for no limit")
    }
  }
}
