import ArgumentParser
import DataParallel
import Evaluation
import Experiments
import Files
import MPI
import Reporting
import Runs

struct Average: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Averages the weights of checkpoints, or of runs that began alike, to one model.",
    discussion: """
      The running statistics of batch normalisation are made anew on training photos. The mean of nets that \
      began with different weights is hardly ever any good: ask those together (tutti evaluate --model A B). \
      The new folder holds a model for evaluate, predict, export and model.weights.

      EXAMPLES
        The checkpoints that a run has kept (checkpoint.keep):
          launch/local average runs/a --run runs/a-mean

        Fine-tunings of the same weights, of which those are taken that make the mean no worse on the \
      validation photos:
          launch/local average runs/a runs/b runs/c --greedy --run runs/soup
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs' folders (the best checkpoint; RUN@last: the newest) or checkpoints; of one run, all its checkpoints.",
      valueName: "models"),
    completion: .directory)
  var models: [String]

  @Flag(
    help:
      "Takes models one by one, the best first, and leaves out those that make the mean worse on the validation photos."
  )
  var greedy = false

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The new folder; by default runs/DATE-average-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @OptionGroup var changes: RunSettingOptions

  @OptionGroup var waiting: WaitOptions

  func run() throws {
    runWithMPI(waiting) { world in
      let average = try AverageRun.run(
        world: world, models: models, choosing: greedy ? .greedy : .all, path: folder,
        settings: changes.settings)
      guard world.communicator.isFirst else { return .done }
      for note in average.notes { say(note) }
      let console = Console()
      for member in average.members {
        console.line(
          "\(member.isTaken ? "taken    " : "left out ") \(member.path)"
            + text(member.scores, by: average.metric))
      }
      if average.statisticsPhotos > 0 {
        console.line(
          "statistics of \(NumberText.grouped(average.statisticsPhotos)) training photos")
      }
      console.line("average   \(average.folder.path)" + text(average.scores, by: average.metric))
      console.line(
        "next      launch/local evaluate --model \(Paths.shellQuoted(average.folder.path))")
      return .done
    }
  }

  private func text(_ scores: Scores?, by metric: Metric) -> String {
    scores.map { ", \(metric.title) \(metric.text($0[metric])) on the validation photos" } ?? ""
  }
}
