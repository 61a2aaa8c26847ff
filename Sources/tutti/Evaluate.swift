import ArgumentParser
import Datasets
import Evaluation
import Experiments
import MPI
import Reporting

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scores a trained model on photos.",
    discussion: """
      The photos, their split and their preparation are those of the run's recipe, unless --data names \
      others. The scores are the same, bit for bit, for any number of ranks.

      EXAMPLES
        The best checkpoint of a run, on the photos that it never saw:
          launch/local evaluate --model runs/a --split test

        One checkpoint, as JSON:
          tutti evaluate --model runs/a/checkpoints/step-00001234 --split validation --json
      """)

  @Option(
    help: ArgumentHelp("A run's folder (its best checkpoint) or a checkpoint.", valueName: "path"),
    completion: .directory)
  var model: String

  @Option(help: ArgumentHelp("train, validation or test.", valueName: "split"))
  var split: Split = .test

  @Option(
    help: ArgumentHelp(
      "Other photos than the run's, of the same classes: all of them, unless they bring splits.",
      valueName: "path"),
    completion: .directory)
  var data: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Sets a key of the run's recipe, e.g. evaluation.micro-batch=8.", valueName: "key=value"),
    completion: .recipeKeys)
  var settings: [String] = []

  @OptionGroup var waiting: WaitOptions

  @Flag(help: "Prints one JSON document and nothing else.")
  var json = false

  func run() throws {
    runWithMPI(collectiveTimeout: waiting.limit) { world in
      let evaluation = try EvaluationRun(
        world: world, model: model, split: split, data: data, settings: settings)
      guard world.communicator.rank == 0 else { return .done }
      if json {
        print(try evaluation.scores.json())
      } else {
        print("\(evaluation.checkpoint) on \(data ?? "the \(split.rawValue) photos")\n")
        print(ScoresTable.text(evaluation.scores), terminator: "")
      }
      return .done
    }
  }
}

extension Split: ExpressibleByArgument {}
