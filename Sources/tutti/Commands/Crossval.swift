import ArgumentParser
import DataParallel
import Datasets
import Evaluation
import Experiments
import Files
import Logging
import MPI
import Recipes
import Reporting
import Runs
import Training

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

  @Option(
    help: ArgumentHelp(
      "How many folds are trained side by side, by as many teams of ranks; auto: what is expected to be done first.",
      valueName: "auto or number"))
  var parallelFolds: ParallelFolds = .auto

  @OptionGroup var logging: LogOptions
  @OptionGroup var waiting: WaitOptions
  @OptionGroup var time: TimeLimitOption

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The cross-validation's folder; by default runs/DATE-RECIPE-N, with the first N that is free.",
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

  func validate() throws {
    if dryRun && time.timeLimit != nil {
      throw ValidationError("--dry-run says what all epochs would take; leave out --time-limit")
    }
    if options.makesSet && time.timeLimit != nil {
      throw ValidationError(
        "--time-limit shortens one recipe's epochs; leave it out, and set training.epochs of each")
    }
    if resume != nil && folder == nil {
      throw ValidationError("--resume auto needs --run FOLDER: which cross-validation is to go on?")
    }
  }

  func run() throws {
    if let planForCores { return printPlan(cores: planForCores) }
    if dryRun { return tryOut() }
    StopSignals.install()
    runWithMPI(waiting, canResume: true) { world in
      let console = Console()
      let isFirst = world.communicator.isFirst
      let crossval = try CrossvalRun.prepare(request, world: world)
      let path = crossval.path
      if isFirst {
        try CrossvalHeader(crossval, logging.makeLog(world), world).tell(console)
        let checked = crossval.members[0].checked
        try EnvironmentFile.write(
          to: "\(path)/environment.json", binary: checked.binary, checked.cores, world)
      }
      let outcome = try crossval.run(
        observers: { fold, setup in
          [
            FoldReport(fold: fold.label, console: console),
            try MetricsFile(path: setup.folder.metrics),
            TensorBoardFile(folder: setup.folder.path),
          ]
        },
        tell: { fold, news in
          let report = FoldReport(fold: fold.label, console: console)
          switch news {
          case .note(let text): report.tell(text)
          case .heldOut(let scores): report.tell(scores)
          }
        },
        isAskedToStop: { StopSignals.isRaised })
      switch outcome {
      case .stopped(let done):
        if isFirst {
          console.line(
            "stopped   \(done) of \(crossval.folds) folds are done; go on with the same command "
              + "and --run \(Paths.shellQuoted(path)) --resume auto")
        }
        return .stopped
      case .finished(let results):
        if let results { tell(results, crossval, console) }
        return .done
      }
    }
  }

  private var request: CrossvalRequest {
    var request = options.request(folder)
    request.resumes = resume == .auto
    request.teams = teams
    request.seconds = time.timeLimit?.seconds
    return request
  }

  private var teams: Int? {
    if case .number(let number) = parallelFolds { number } else { nil }
  }

  private func tryOut() {
    runWithMPI(waiting) { world in
      let found = try CrossvalTrialRun.run(request, world: world)
      guard world.communicator.isFirst else { return .done }
      let console = Console()
      for member in found.members {
        let header = try RunHeader(member.checked, member.pool, folder: found.path, world)
        for line in header.lines { console.line(line) }
        for line in member.checked.experiment.photoLines { console.line(line) }
        for note in member.checked.notes { console.line("weights   \(note)") }
        guard let trial = member.trial else {
          console.line("finished  all folds have their results")
          continue
        }
        for line in trial.lines(freeDisk: found.freeDiskBytes) { console.line(line) }
      }
      let all = found.members.compactMap { $0.trial?.seconds }
      if all.count > 1 {
        console.line("together  \(DurationText.of(all.reduce(0, +))) for all \(all.count) members")
      }
      return .done
    }
  }

  /// For launch/local: `RANKS THREADS`, or the error that the cross-validation would end with.
  private func printPlan(cores: Int) {
    runAlone {
      var (folds, microBatches, threads) = (0, Int.max, Int?.none)
      for (part, saved) in try request.partsAlone() {
        let experiment = try Experiment(part.makeRecipe(saved).takingNetOfWeights(of: saved))
        let pool = try experiment.makePool()
        let photos = try experiment.trainingPhotos(ofFolds: pool.count)
        folds += pool.count
        microBatches = min(
          microBatches, try experiment.plan(ofPhotos: photos.min() ?? 0).fullStepMicroBatches)
        threads = experiment.recipe.training.threads
      }
      let fit = LaunchPlan.fit(
        folds: folds, teams: teams, microBatches: microBatches, cores: cores, threads: threads)
      print(fit.ranks, fit.threads)
    }
  }

  private func tell(_ results: CrossvalResults, _ crossval: CrossvalRun, _ console: Console) {
    console.line()
    if let together = results.together {
      console.text(MembersTable.text(together))
      console.heading("all members together, each photo by models that were not trained on it:")
      console.text(ScoresTable.text(ViewedScores(together.ensemble)))
    } else {
      let result = results.members[0]
      console.text(FoldsTable.text(result))
      console.heading(
        "all held-out photos together, each by the model that was not trained on it:")
      console.text(ScoresTable.text(result.outOfFold))
    }
    let path = Paths.shellQuoted(crossval.path)
    console.line()
    console.line(
      "written   \(crossval.path)/predictions/oof.csv and \(crossval.path)/scores.json")
    if !crossval.members[0].pool.test.isEmpty {
      console.line("next      launch/local evaluate --model \(path) --split test")
    }
  }
}
