import ArgumentParser
import Files
import Glibc
import Training

/// The command line.
@main
struct Tutti: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tutti",
    abstract: "Trains image classifiers on clusters of CPUs: the same bits at any number of ranks.",
    discussion: """
      Start it under mpirun, one rank for each core or few; launch/local does so for one machine.
      tutti help topics lists what is to be known of several commands.

      EXIT CODES
        0   done
        1   something failed while running
        64  the command line is wrong
        65  a recipe, data or a checkpoint can't be used
        69  another rank has ended, hangs or can't be reached, or the CPU lacks AVX2
        70  no memory or no thread could be had
        75  stopped by a signal (SIGUSR1, SIGTERM, SIGINT) after a checkpoint: the same command with \
      --resume auto goes on
      """,
    version: "0.1.0",
    subcommands: [
      Plan.self, Train.self, LRFind.self, Probe.self, Crossval.self, Ablate.self, Tune.self,
      Evaluate.self,
      Predict.self, Serve.self,
      Export.self,
      Average.self, Recalibrate.self, EnsembleCommand.self,
      RunsCommand.self, Watch.self, Report.self, Compare.self, Diagnose.self,
      RecipeCommand.self, ModelsCommand.self, Doctor.self, DataCommand.self, Bench.self,
    ])

  /// Parses the command line and runs the command. Of an error in the command line, rank 0 speaks for
  /// all: this comes before MPI, so mpirun's environment tells the rank.
  static func main() {
    StandardStream.secure()
    StopSignals.hold()
    fixEnvironment()
    let words = Array(CommandLine.arguments.dropFirst())
    if let answer = HelpTopic.answer(to: words) { return print(answer) }
    do {
      try requireCommand(in: words)
      var command = try parseAsRoot()
      try command.run()
    } catch {
      // All ranks read the same command line. Rank 0 tells what is wrong, and has time to: mpirun kills
      // the others as soon as one of them fails.
      if let rank = getenv("OMPI_COMM_WORLD_RANK"), String(cString: rank) != "0" {
        sleep(1)
        Glibc.exit(exitCode(for: error).rawValue)
      }
      // Help is asked for, and all ours; what is wrong has the command line's words in it.
      if exitCode(for: error).isSuccess { exit(withError: error) }
      let message = fullMessage(for: error)
      let lines =
        [settingHint(for: message)].compactMap(\.self)
        + message.pieces(at: "\n", keepingEmpty: true)
      if lines != [""] { StandardError.write(lines, .bad) }
      Glibc.exit(exitCode(for: error).rawValue)
    }
  }
}
