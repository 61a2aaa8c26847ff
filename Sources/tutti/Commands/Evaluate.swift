import ArgumentParser
import DataParallel
import Datasets
import Evaluation
import Experiments
import Files
import MPI
import Reporting

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scores a trained model, or several as an ensemble, on photos.",
    discussion: """
      The photos, their split and their preparation are those of the run's recipe, unless --data names \
      others. Of several models, each is scored, and the mean of their probabilities. The scores are \
      the same, bit for bit, for any number of ranks.

      EXAMPLES
        The best checkpoint of a run, on the photos that it never saw:
          launch/local evaluate --model runs/a --split test

        One checkpoint, as JSON:
          tutti evaluate --model runs/a/checkpoints/step-00001234 --split validation --json

        The mean of eight views of each photo, and what it adds to one:
          launch/local evaluate --model runs/a --tta eight

        An ensemble of two runs, and of the folds of a cross-validation:
          launch/local evaluate --model runs/a runs/b@last
          launch/local evaluate --model runs/cv
      """)

  @OptionGroup var asked: ModelOptions

  @Option(help: ArgumentHelp("train, validation or test.", valueName: "split"))
  var split: Split = .test

  @Option(
    help: ArgumentHelp(
      "Other photos than the run's, of the same classes: all of them, unless they bring splits.",
      valueName: "path"),
    completion: .directory)
  var data: String?

  @OptionGroup var viewing: ViewOptions

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  @OptionGroup var output: JSONOptions

  func validate() throws { try viewing.check(beside: changes.settings) }

  func run() throws {
    runWithMPI(waiting) { world in
      let evaluation = try EvaluationRun.run(
        world: world, models: asked.models, split: split, data: data,
        settings: viewing.settings + changes.settings)
      guard world.communicator.isFirst else { return .done }
      for note in evaluation.notes { say(note) }
      let scores = evaluation.scores
      let isAlone = scores.members.count == 1
      if output.isJSON {
        print(
          isAlone ? try JSONText.encode(scores.ensemble) : try JSONText.encode(scores))
      } else {
        let models = isAlone ? scores.members[0].model : "\(scores.members.count) models"
        let console = Console()
        console.line("\(models) on \(evaluation.photos)")
        console.line()
        console.text(isAlone ? ScoresTable.text(scores.ensemble) : ScoresTable.text(scores))
      }
      return .done
    }
  }
}

extension Split: ExpressibleByArgument {}
