import ArgumentParser
import Datasets
import Evaluation
import Experiments
import Recipes
import Reporting
import Runs

struct Crossval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model for each fold of a cross-validation, teams of ranks side by side.",
    discussion: """
      All photos but the test photos are dealt out to folds, each class evenly and groups kept \
      together. Each fold is predicted by a model that was trained on the others. Which epoch's model \
      that is, is chosen on a tenth of the photos it was trained with, which is set apart for that, \
      never on the fold itself; crossval.select=last takes the last epoch's and sets nothing apart.

      The folder has predictions/oof.csv, scores.json and a run for each fold. The same bits come out \
      for any number of ranks and teams. Teams that find no fold left join those that still train.

      Several recipes, or one with several --seeds, become members of one folder, each with folds of \
      its own below members/: their folds are one queue, the longest first, and in the end there are \
      the scores of each member, of all together, and of all but one. Others can be added later.

      EXAMPLES
        Five folds, on all cores of this machine:
          launch/local crossval --folds 5 --recipe launch/recipes/photos-resnet18.yaml --data photos

        Two folds at a time, each on four ranks, going on after any stop:
          mpirun -n 8 tutti crossval --folds 5 --parallel-folds 2 --data photos --run runs/cv --resume auto

        Three recipes with two seeds each, on the same folds:
          launch/local crossval --recipe a.yaml b.yaml c.yaml --seeds 1 2 --folds 5 --data photos

        The models together, on photos that none of them saw:
          launch/local evaluate --model runs/cv --split test
      """)

  @OptionGroup var options: CrossvalOptions
  @OptionGroup var queue: QueueOptions
  @OptionGroup var time: TimeLimitOption

  func validate() throws {
    if queue.dryRun && time.timeLimit != nil {
      throw ValidationError("--dry-run says what all epochs would take; leave out --time-limit")
    }
    if options.makesSet && time.timeLimit != nil {
      throw ValidationError(
        "--time-limit shortens one recipe's epochs; leave it out, and set training.epochs of each")
    }
  }

  func run() throws {
    var request = options.request
    request.seconds = time.timeLimit?.seconds
    CrossvalSession(request, queue).run { results, crossval, console in
      if let together = results.together {
        console.text(MembersTable.text(together))
        console.line()
        for (member, result) in zip(crossval.members, results.members) {
          let metric = member.checked.experiment.recipe.training.selectBy
          let spread = result[metric]
          console.line(
            "\(member.name ?? ""): \(metric.title) \(metric.text(spread.mean)) ± "
              + "\(metric.text(spread.standardDeviation)) (mean and standard deviation of \(member.pool.count) folds)"
          )
        }
        console.heading("all members together, each photo by models that were not trained on it:")
        console.text(ScoresTable.text(ViewedScores(together.ensemble)))
      } else {
        let result = results.members[0]
        console.text(FoldsTable.text(result))
        console.heading(
          "all held-out photos together, each by the model that was not trained on it:")
        console.text(ScoresTable.text(result.outOfFold))
      }
      console.line()
      console.line(
        "written   \(crossval.path)/predictions/oof.csv and \(crossval.path)/scores.json")
    }
  }
}
