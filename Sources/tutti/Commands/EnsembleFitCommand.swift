import ArgumentParser
import DataParallel
import Evaluation
import Experiments
import Files
import MPI
import Reporting
import Runs

struct EnsembleFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract:
      "Fits the weights of models, and a temperature, by photos that they weren't trained on.",
    discussion: """
      Takes cross-validations of the same photos and folds, by their out-of-fold predictions (the models of a \
      cross-validation's folds share its weight), or runs with the same validation photos. The new folder is asked like \
      a model by evaluate, predict, export and loss.teacher; docs/ensembles.md tells what is in it.

      mean      all members alike.
      greedy    members are taken in one by one, each as often as it lowers the log-loss.
      logistic  a logistic regression with one coefficient for each member, of logits.

      The score that is told is cross-fitted: each photo by weights and a temperature that the other folds' photos have \
      chosen. The naive one, by what the photos themselves have chosen, stands beside it.

      EXAMPLES
        launch/local ensemble fit runs/cv-a runs/cv-b runs/cv-c --output runs/ensemble
        launch/local evaluate --model runs/ensemble
      """)

  @Argument(
    help: ArgumentHelp(
      "Cross-validations' folders; or runs' folders (the best checkpoint; RUN@last: the newest) or checkpoints.",
      valueName: "runs"), completion: .directory)
  var members: [String]

  @Option(help: ArgumentHelp("The new folder.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("mean, greedy or logistic.", valueName: "rule"))
  var weights: EnsembleFit.Rule = .greedy

  @Option(
    help: ArgumentHelp(
      "What is averaged: probabilities (by default, but for logistic weights), or logits.",
      valueName: "what"))
  var average: Averaging?

  @Flag(inversion: .prefixedNo, help: "Scales the mean's logits by a temperature.")
  var temperature = true

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  func run() throws {
    runWithMPI(waiting) { world in
      let options = try world.communicator.agree {
        try EnsembleRun.Options(weights: weights, averaging: average, isScaled: temperature)
      }
      let fitted = try EnsembleRun.run(
        world: world, members: members, output: output, options: options,
        settings: changes.settings)
      let console = Console()
      if let fitted { tell(fitted, console) }
      try ReportWriting(output).writeAtEnd(world: world, console)
      return .done
    }
  }

  private func tell(_ fitted: EnsembleRun, _ console: Console) {
    for note in fitted.notes { say(note) }
    console.text(table(fitted))
    console.line()
    console.line(
      "\(fitted.ensemble.average.rawValue) averaged, temperature "
        + NumberText.fixed(fitted.ensemble.temperature, 3))
    console.line(
      "cross-fitted is honest: each photo by weights and a temperature that other folds have chosen; naive is by the very "
        + "photos, and too good; so are the rows without a member, by the others' weights. Members by themselves, and all "
        + "alike, have no temperature, which is much of the difference in loss")
    console.line(
      "ensemble  \(fitted.folder.path)")
    console.line(
      "next      launch/local predict --model \(Paths.shellQuoted(fitted.folder.path)) PHOTOS; where there are test "
        + "photos, evaluate --model the same")
  }

  /// Members, the ensemble, and what it is without each of them.
  private func table(_ fitted: EnsembleRun) -> String {
    let scores = fitted.scores
    func row(_ name: String, _ weight: String, _ scores: Scores) -> [String] {
      [name, weight] + scores.metricsInTables.map { $0.text(scores[$0]) }
    }
    let without = scores.members.filter { $0.weight > 0 }.compactMap { member in
      member.without.map { row("without \(member.name)", "", $0) }
    }
    return TextTable.aligned(
      [["model", "weight"] + scores.crossFitted.metricsInTables.map(\.title)]
        + scores.members.map { row($0.name, NumberText.fixed($0.weight, 3), $0.scores) }
        + (scores.members.count > 1 ? scores.mean.map { [row("all alike", "", $0)] } ?? [] : [])
        + [row("cross-fitted", "", scores.crossFitted), row("naive", "", scores.naive)]
        + (scores.members.count > 2 ? without : []))
  }
}

extension EnsembleFit.Rule: ExpressibleByArgument {}
extension Averaging: ExpressibleByArgument {}
