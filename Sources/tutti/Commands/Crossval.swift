import ArgumentParser
import DataParallel
import Datasets
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
      for any number of ranks and teams.

      EXAMPLES
        Five folds, on all cores of this machine:
          launch/local crossval --folds 5 --recipe launch/recipes/photos-resnet18.yaml --data photos

        Two folds at a time, each on four ranks, going on after any stop:
          mpirun -n 8 tutti crossval --folds 5 --parallel-folds 2 --data photos --run runs/cv --resume auto

        The models together, on photos that none of them saw:
          launch/local evaluate --model runs/cv --split test
      """)

  @OptionGroup var folding: FoldOptions

  @Option(
    help: ArgumentHelp(
      "How many folds are trained side by side, by as many teams of ranks; auto: what is expected to be done first.",
      valueName: "auto or number"))
  var parallelFolds: ParallelFolds = .auto

  @OptionGroup var viewing: ViewOptions
  @OptionGroup var options: RecipeOptions
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
    try viewing.check(beside: options.changes.settings)
    if dryRun && time.timeLimit != nil {
      throw ValidationError("--dry-run says what all epochs would take; leave out --time-limit")
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
      let crossval = try CrossvalRun.prepare(
        world: world, path: folder, name: options.name, resumes: resume == .auto, teams: teams,
        within: time.timeLimit?.seconds
      ) { try options.makeRecipe(saved: $0, overriding: folding.settings + viewing.settings) }
      if isFirst {
        let header = try RunHeader(
          crossval.checked, crossval.pool, folder: crossval.folder.path, world)
        for line in header.lines { console.line(line) }
        let experiment = crossval.checked.experiment
        for line in experiment.photoLines { console.line(line) }
        if let line = experiment.rateLine { console.line(line) }
        // In other folds they differ by a few photos.
        for text in experiment.warnings(on: crossval.pool.indices(outside: 0)) {
          console.line("warning   \(text)")
        }
        console.line(teamsLine(crossval))
        if let note = crossval.checked.limitNote { console.line("limit     \(note)") }
        let log = logging.makeLog(world)
        for note in crossval.notes { console.line("weights   \(note)") }
        if let staging = crossval.checked.staging { console.line("stage     \(staging)") }
        for key in crossval.changed { log.notice("\(key); results stay the same") }
        try EnvironmentFile.write(
          to: crossval.folder.environment, binary: crossval.checked.binary, crossval.checked.cores,
          world)
      }
      let outcome = try crossval.run(
        observers: { fold, setup in
          [
            FoldReport(fold: fold, console: console),
            try MetricsFile(path: setup.folder.metrics),
            TensorBoardFile(folder: setup.folder.path),
          ]
        },
        tell: { fold, news in
          let report = FoldReport(fold: fold, console: console)
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
            "stopped   \(done) of \(crossval.pool.count) folds are done; go on with the same command "
              + "and --run \(Paths.shellQuoted(crossval.folder.path)) --resume auto")
        }
        return .stopped
      case .finished(let result):
        if let result { tell(result, crossval, console) }
        return .done
      }
    }
  }

  private var teams: Int? {
    if case .number(let number) = parallelFolds { number } else { nil }
  }

  private func tryOut() {
    runWithMPI(waiting) { world in
      let found = try CrossvalTrialRun.run(
        world: world, path: folder, name: options.name, resumes: resume == .auto, teams: teams
      ) { try options.makeRecipe(saved: $0, overriding: folding.settings + viewing.settings) }
      guard world.communicator.isFirst else { return .done }
      let console = Console()
      let header = try RunHeader(found.checked, found.pool, folder: found.folder.path, world)
      for line in header.lines { console.line(line) }
      for line in found.checked.experiment.photoLines { console.line(line) }
      for note in found.checked.notes { console.line("weights   \(note)") }
      guard let trial = found.trial else {
        console.line("finished  all folds have their results")
        return .done
      }
      for line in trial.lines(freeDisk: found.freeDiskBytes) { console.line(line) }
      return .done
    }
  }

  /// For launch/local: `RANKS THREADS`, or the error that the cross-validation would end with.
  private func printPlan(cores: Int) {
    runAlone {
      let saved =
        try resume == .auto ? folder.flatMap { try CrossvalFolder(path: $0).savedRecipe() } : nil
      let recipe = try options.makeRecipe(
        saved: saved, overriding: folding.settings + viewing.settings)
      let experiment = try Experiment(recipe.takingNetOfWeights(of: saved))
      let pool = try experiment.makePool()
      let photos = try experiment.trainingPhotos(ofFolds: pool.count)
      let microBatches = try experiment.plan(ofPhotos: photos.min() ?? 0).fullStepMicroBatches
      let fit = LaunchPlan.fit(
        folds: pool.count, teams: teams, microBatches: microBatches, cores: cores,
        threads: recipe.training.threads)
      print(fit.ranks, fit.threads)
    }
  }

  private func teamsLine(_ crossval: CrossvalRun) -> String {
    let sizes = crossval.teams.map(\.count)
    let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
    let size = least == most ? "\(most)" : "\(least) to \(most)"
    let done = crossval.pool.count - crossval.pending.count
    if crossval.pending.isEmpty { return "teams     none: all \(done) folds are done" }
    return "teams     \(sizes.count) × \(size) rank\(most == 1 ? "" : "s"); "
      + "\(done) of \(crossval.pool.count) folds are done"
  }

  private func tell(_ result: CrossvalResult, _ crossval: CrossvalRun, _ console: Console) {
    console.line()
    console.text(FoldsTable.text(result))
    console.heading("all held-out photos together, each by the model that was not trained on it:")
    console.text(ScoresTable.text(result.outOfFold))
    let folder = crossval.folder
    console.line()
    console.line("written   \(folder.predictions) and \(folder.scores)")
    if !crossval.pool.test.isEmpty {
      let path = Paths.shellQuoted(folder.path)
      console.line("next      launch/local evaluate --model \(path) --split test")
    }
  }
}
