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

        What it says of each photo, and a page of its worst mistakes:
          launch/local evaluate --model runs/a --csv answers.csv --worst 50 --html worst.html
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

  @Option(
    help: ArgumentHelp(
      "Writes each photo's path, label, prediction, loss and probabilities.", valueName: "file"),
    completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Shows so many of the photos that are taken for others, the largest loss first.",
      valueName: "number"))
  var worst: Int?

  @Option(
    help: ArgumentHelp(
      "Writes a page with these photos, 50 by default.", valueName: "file"), completion: .file())
  var html: String?

  @OptionGroup var rejecting: RejectOptions

  @OptionGroup var viewing: ViewOptions

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  @OptionGroup var output: JSONOptions

  func validate() throws {
    try viewing.check(beside: changes.settings)
    if let worst, !(1...1000).contains(worst) {
      throw ValidationError("--worst is a number from 1 to 1000")
    }
    if worst != nil, output.isJSON, html == nil {
      throw ValidationError("--worst is for the table or --html; --json has the scores alone")
    }
  }

  func run() throws {
    runWithMPI(waiting) { world in
      try world.communicator.onFirst {
        try FileExists.check(csv, option: "--csv")
        try FileExists.check(html, option: "--html")
      }
      let evaluation = try EvaluationRun.run(
        world: world, models: asked.models, split: split, data: data,
        settings: viewing.settings + changes.settings, rejects: !rejecting.thresholds.isEmpty)
      guard world.communicator.isFirst else { return .done }
      for note in evaluation.notes { say(note) }
      let scores = evaluation.scores
      let isAlone = scores.members.count == 1
      let rejections = rejecting.rejections(evaluation.answers.predictions)
      let mistakes =
        worst == nil && html == nil ? [] : evaluation.answers.mistakes(atMost: worst ?? 50)
      if output.isJSON {
        print(
          isAlone
            ? try JSONText.encode(WithRejections(scores.ensemble, rejections))
            : try JSONText.encode(WithRejections(scores, rejections)))
      } else {
        let console = Console()
        console.line("\(evaluation.name) on \(evaluation.photos)")
        console.line()
        console.text(isAlone ? ScoresTable.text(scores.ensemble) : ScoresTable.text(scores))
        for line in RejectOptions.lines(rejections) { console.line(line) }
        if worst != nil, !mistakes.isEmpty {
          let predicted = mistakes.map {
            ($0, evaluation.answers.predictions.predictedLabels($0))
          }
          console.line()
          console.text(LabelsTable.text(evaluation.answers, rows: predicted, called: "predicted"))
        }
      }
      if let csv { try FileWriting.replace(csv, with: Array(evaluation.answers.csv.utf8)) }
      if let html { try evaluation.writeMistakes(mistakes, to: html) }
      return .done
    }
  }
}

/// Scores with `rejections`, where any were asked for.
private struct WithRejections<Scores: Encodable>: Encodable {
  private let scores: Scores
  private let rejections: [Rejection]

  private enum CodingKeys: String, CodingKey { case rejections }

  init(_ scores: Scores, _ rejections: [Rejection]) {
    (self.scores, self.rejections) = (scores, rejections)
  }

  func encode(to encoder: any Encoder) throws {
    try scores.encode(to: encoder)
    if rejections.isEmpty { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rejections, forKey: .rejections)
  }
}

extension Split: ExpressibleByArgument {}
