import ArgumentParser
import DataParallel
import Datasets
import Evaluation
import Experiments
import Files
import MPI
import Recipes
import Reporting
import Runs
import Training

struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Searches for better values of a recipe's keys, teams of ranks side by side.",
    discussion: """
      A search space names keys and their ranges, and trials are drawn of it; trial 0 is the recipe as it is. By asha \
      (Li et al. 2020) all trials begin, and only the better ones of them go on to more epochs, each from where it \
      stopped. Trials are compared on the validation photos; the winner is scored in the end on the test photos, which \
      the search never saw, beside the recipe as it is.

      The same bytes come out for any number of ranks and teams and after any stop. docs/tune.md tells more.

      EXAMPLES
        Forty trials in a night, on all cores of this machine:
          launch/local tune photos --recipe mine.yaml --search space.yaml --trials 40 --time-limit 8h --run runs/tune

        On after a stop, or with more trials: the same command and
          … --trials 60 --run runs/tune --resume auto

        What came of it, trained with other photos:
          launch/local train --recipe runs/tune/best.yaml --data others
      """)

  @Argument(help: .photos, completion: .file())
  var photos: String

  @OptionGroup var options: RecipeFileOptions
  @OptionGroup var skipCorrupt: SkipCorruptOption

  @Option(
    help: ArgumentHelp(
      "Which keys are tried, and of what ranges: lines such as `optimizer.learning-rate: {log: [1e-4, 1e-2]}`.",
      valueName: "file"),
    completion: .file())
  var search: String?

  @Option(
    help: ArgumentHelp(
      "How many trials, the recipe as it is among them; more than before let a search go on.",
      valueName: "number"))
  var trials = 40

  @Option(
    help:
      "asha: all begin, the better ones go on; random: all to the end; grid: all choices and --grid-points of each range, to the end."
  )
  var method = TuneRequest.Method.asha

  @Option(help: ArgumentHelp("What trials are drawn by.", valueName: "number"))
  var seed = 0

  @Option(
    help: ArgumentHelp(
      "Of so many trials one goes on to the next rung, which has so many times the epochs.",
      valueName: "number"))
  var reduction = 3

  @Option(
    help: ArgumentHelp(
      "No rung is at fewer epochs; by default at a ninth of them, with --reduction 3.",
      valueName: "number"))
  var leastEpochs: Int?

  @Option(help: ArgumentHelp("Points of each range in a grid.", valueName: "number"))
  var gridPoints = 3

  @Option(
    help: ArgumentHelp(
      "How many trials are under way at most. The search depends on it, and not on how many teams there are, of which more would wait.",
      valueName: "number"))
  var atOnce = 4

  @Option(
    help: ArgumentHelp(
      "How many trials are trained side by side, by as many teams of ranks; auto: what is expected to be done first.",
      valueName: "auto or number"))
  var parallelTrials: QueueOptions.ParallelFolds = .auto

  @Option(
    help: ArgumentHelp(
      "No trial begins or goes on to more epochs after that; those under way come to their rung's end.",
      valueName: "8h, 90min"))
  var timeLimit: TimeLimit?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The search's folder; by default runs/DATE-RECIPE-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "auto: starts where there is nothing yet, and goes on where trials are missing.",
      valueName: "auto"))
  var resume: Resume?

  @OptionGroup var waiting: WaitOptions

  @Option(
    help: ArgumentHelp(
      "Prints how many ranks and threads of each suit so many cores, and does no more.",
      visibility: .hidden))
  var planForCores: Int?

  func validate() throws {
    try require(trials, in: 1...100_000, for: "--trials")
    try require(seed, in: 0...4_294_967_295, for: "--seed")
    try require(reduction, in: 2...100, for: "--reduction")
    try require(atOnce, in: 1...1000, for: "--at-once")
    try require(gridPoints, in: 1...1000, for: "--grid-points")
    if let leastEpochs { try require(leastEpochs, in: 1...100_000, for: "--least-epochs") }
    if resume != nil && folder == nil {
      throw ValidationError("--resume auto needs --run FOLDER: which search is to go on?")
    }
  }

  func run() throws {
    if let planForCores { return printPlan(cores: planForCores) }
    StopSignals.install()
    runWithMPI(waiting, canResume: true) { world in
      let console = Console()
      let account = waiting.telling.account(on: console)
      let isFirst = world.communicator.isFirst
      let search = try TuneRun.prepare(request, world: world)
      if isFirst {
        tell(search, account)
        try EnvironmentFile.write(
          to: search.folder.environment, binary: search.checked.binary, search.checked.cores, world)
      }
      if isFirst { waiting.telling.leaveToAccount() }
      let outcome = try search.run(
        observers: { trial, setup in
          [
            FoldReport(fold: "trial \(trial)", console: account),
            try MetricsFile(path: setup.folder.metrics),
            TensorBoardFile(folder: setup.folder.path),
          ]
        },
        tell: { trial, news in
          let name = "trial \(trial)"
          switch news {
          case .note(let text): FoldReport(fold: name, console: account).tell(text)
          case .failed(let text): FoldReport(fold: name, console: console).tell("failed: \(text)")
          }
        },
        isAskedToStop: { StopSignals.isRaised })
      switch outcome {
      case .stopped(let done):
        if isFirst {
          console.line(
            "stopped   \(done) jobs are done; go on with the same command and --run "
              + "\(Paths.shellQuoted(search.folder.path)) --resume auto")
        }
        return .stopped
      case .finished(let result):
        if let result { tell(result, search.folder, console) }
        return .done
      }
    }
  }

  private var request: TuneRequest {
    var request = TuneRequest(
      path: folder, name: options.recipe.map { RunFolderName.of($0) } ?? "tune",
      makeRecipe: { saved in
        if options.recipe == nil, let saved {
          return try Recipe(
            saved,
            overrides: options.changes.settings + ["data.path=\(Recipe.value(photos))"]
              + skipCorrupt.settings)
        }
        return try options.makeRecipe(photos: photos, overridingWith: skipCorrupt.settings)
      })
    request.resumes = resume == .auto
    request.method = method
    request.trials = trials
    request.seed = seed
    request.reduction = reduction
    request.leastEpochs = leastEpochs
    request.gridPoints = gridPoints
    request.atOnce = atOnce
    if case .number(let number) = parallelTrials { request.teams = number }
    request.seconds = timeLimit?.seconds
    request.space = search
    return request
  }

  /// For launch/local: `RANKS THREADS`, or the error that the search would end with.
  private func printPlan(cores: Int) {
    runAlone {
      let plan = try TuneRun.plan(request)
      let fit = LaunchPlan.fit(
        folds: plan.trials, teams: request.teams, microBatches: plan.microBatches, cores: cores,
        threads: plan.threads)
      print(fit.ranks, fit.threads)
    }
  }

  private func tell(_ search: TuneRun, _ console: Console) {
    let recipe = search.checked.experiment.recipe
    let splits = search.splits
    console.line("tune      \(recipe.model.name), \(search.folder.path)")
    console.line(
      "photos    \(NumberText.grouped(splits.train.count)) to train on, "
        + "\(NumberText.grouped(splits.validation.count)) to compare trials by "
        + "(\(search.metric.name)), \(NumberText.grouped(splits.test.count)) for the winner")
    for line in search.checked.experiment.photoLines { console.line(line) }
    for entry in search.trials.space.entries {
      console.line("key       \(entry.key): \(entry.range.text)")
    }
    let rungs = search.trials.rungs.map { "\($0)" }.joined(separator: ", ")
    console.line(
      "trials    \(search.count) by \(method.rawValue), the recipe as it is among them; after \(rungs) epochs"
    )
    let sizes = search.teams.map(\.count)
    let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
    console.line(
      "teams     \(sizes.count) × \(least == most ? "" : "\(least) to ")\(most) rank\(most == 1 ? "" : "s"); "
        + "\(atOnce) trials under way at most")
    for note in search.checked.notes { console.remark("weights   \(note)") }
    if let staging = search.checked.staging { console.line("stage     \(staging)") }
  }

  private func tell(_ result: TuneResult, _ folder: TuneFolder, _ console: Console) {
    console.line()
    console.text(TuneText.trials(result))
    console.heading(
      "what explains the scores at the first rung (rough: thirds of a range, each key by itself):")
    console.text(TuneText.importance(result))
    console.line()
    console.line("winner    \(TuneText.selection(result))")
    for line in TuneText.test(result) { console.line("test      \(line)") }
    let path = Paths.shellQuoted(folder.path)
    if !result.isWhole {
      console.line(
        "limit     not all trials came to their end; go on with the same command and --run \(path) --resume auto"
      )
    }
    console.line(
      "written   \(folder.table), \(folder.result) and \(folder.best), the winner's recipe")
    let model = Paths.shellQuoted(folder.run(ofTrial: result.winner.trial).path)
    console.line("next      launch/local evaluate --model \(model) --split test")
    console.line(
      "          launch/local crossval --folds 5 --recipe \(Paths.shellQuoted(folder.best))")
  }
}

extension TuneRequest.Method: ExpressibleByArgument {}
