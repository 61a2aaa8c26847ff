import ArgumentParser
import Checkpoints
import DataParallel
import Datasets
import Evaluation
import Experiments
import Files
import Glibc
import Logging
import MPI
import NeuralNetworks
import Recipes
import Reporting
import Runs
import Tensors
import Training

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model, on all ranks together.",
    discussion: """
      EXAMPLES
        Photos of your own, in one folder a class, on all cores of this machine:
          launch/local train --recipe launch/recipes/photos-resnet18.yaml --data photos --run runs/a

        The same by hand, and going on after any stop with any number of ranks:
          mpirun -n 4 tutti train --data photos --run runs/a --resume auto

        More epochs for a run that is finished, as a run of its own:
          launch/local train --run runs/a --resume auto --fork runs/b --set training.epochs=60

        What it would take, before it waits in a queue:
          mpirun -n 4 tutti train --data photos --recipe launch/recipes/photos-resnet50.yaml --dry-run

        A short trial, and where its time goes:
          tutti train --data photos --set training.max-steps=30 --trace trace.json
      """)

  @OptionGroup var options: RecipeOptions
  @OptionGroup var logging: LogOptions
  @OptionGroup var waiting: WaitOptions
  @OptionGroup var time: TimeLimitOption
  @OptionGroup var trace: TraceOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The run's folder; by default runs/DATE-RECIPE-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "auto: starts where there is no run yet, goes on from the newest checkpoint where there is one, and says so where it is finished. The recipe is the run's own unless another is named.",
      valueName: "auto"))
  var resume: Resume?

  @Option(
    help: ArgumentHelp(
      "A new run's folder: it begins with the state of the one in --run, and its recipe may be another. Given again, it goes on with the new run.",
      valueName: "folder"),
    completion: .directory)
  var fork: String?

  @Flag(
    help:
      "Reads and checks everything, takes three steps, says what the training would take of time, memory and disk, and writes nothing."
  )
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Prints how many ranks and threads of each suit so many cores, and does no more.",
      visibility: .hidden))
  var planForCores: Int?

  func validate() throws {
    if resume != nil && folder == nil {
      throw ValidationError("--resume auto needs --run FOLDER: which run is to go on?")
    }
    if dryRun && time.timeLimit != nil {
      throw ValidationError("--dry-run says what all epochs would take; leave out --time-limit")
    }
    if fork != nil && time.timeLimit != nil {
      throw ValidationError(
        "--time-limit can't be had with --fork: the new run begins within the other's schedule")
    }
    if fork != nil && resume == nil {
      throw ValidationError(
        "--fork NEW needs --run OLD --resume auto: which run does it begin from?")
    }
    if dryRun && trace.file != nil {
      throw ValidationError("--dry-run writes nothing, and so no --trace; leave one of them out")
    }
  }

  func run() throws {
    if let planForCores { return printPlan(cores: planForCores) }
    if dryRun { return tryOut() }
    StopSignals.install()
    runWithMPI(waiting, canResume: true) { world in
      let console = Console()
      let account = waiting.telling.account(on: console)
      let report = ConsoleReport(console: account)
      let isTraced = try world.communicator.share { try trace.check(goesOn: request.goesOn) }
      let training = try TrainingRun.prepare(
        world: world, recipe: { try options.makeRecipe(saved: $0) }, name: options.name,
        request: request, within: time.timeLimit?.seconds
      ) { setup in
        for line in try header(setup, world).lines { account.line(line) }
        for line in setup.experiment.photoLines { account.line(line) }
        if let line = setup.experiment.rateLine { account.line(line) }
        for text in setup.experiment.warnings(on: setup.splits.train) {
          account.line("warning   \(text)")
        }
        try EnvironmentFile.write(
          to: setup.folder.environment, binary: setup.binary, setup.cores, world)
        return [
          report, try MetricsFile(path: setup.folder.metrics),
          TensorBoardFile(folder: setup.folder.path), validationTable(of: setup),
        ] + (isTraced ? trace.observers(account) : [])
      }
      // The run's folder is this process's until all is said.
      defer { withExtendedLifetime(training) {} }
      let log = logging.makeLog(world)
      let trainer = training.trainer
      log.debug("\(training.setup.cores.threads) compute threads; \(trainer.ownWork)")
      let isFirst = world.communicator.isFirst
      for note in training.notes { account.remark("weights   \(note)") }
      if let staging = training.staging { account.line("stage     \(staging)") }
      if isFirst { tellOfResuming(training, log, account) }
      if isFirst, let note = training.batchNote { account.line("batch     \(note)") }
      if isFirst, let note = training.limitNote { account.line("limit     \(note)") }
      let wasDone = trainer.isDone
      // What it says holds no more.
      if isFirst, !wasDone { unlink(ReportWriting.place(in: training.setup.folder.path)) }
      if isTraced, !wasDone {
        trainer.tracing = try world.communicator.agree { try trace.tracing(of: trainer) }
      }
      if isFirst { waiting.telling.leaveToAccount() }
      let outcome: Trainer.Outcome
      do {
        outcome = try trainer.run { StopSignals.isRaised }
      } catch let error as TrainingError {
        throw AgreedError(error)  // All ranks have met it, and one speaks.
      }
      if isFirst {
        if let note = trace.note(on: trainer, isTraced: isTraced) { console.line(note) }
        tellOfTheEnd(outcome, wasDone: wasDone, training, report, console, account)
      }
      if outcome == .finished, !wasDone {
        try ReportWriting(training.setup.folder.path).writeAtEnd(world: world, console)
      }
      return outcome == .stopped ? .stopped : .done
    }
  }

  private func validationTable(of setup: TrainingRun.Setup) -> ValidationTable {
    let dataset = setup.experiment.dataset
    return ValidationTable(path: setup.folder.validated) { answers in
      LabelledPhotos(
        answers, paths: answers.samples.map { dataset.samples[$0].path },
        groups: dataset.groups(of: answers.samples))
    }
  }

  private func tryOut() {
    runWithMPI(waiting) { world in
      let found = try TrialRun.run(
        world: world, recipe: { try options.makeRecipe(saved: $0) }, name: options.name,
        request: request)
      guard world.communicator.isFirst else { return .done }
      let console = Console()
      for line in try header(found.setup, world).lines { console.line(line) }
      for line in found.setup.experiment.photoLines { console.line(line) }
      for text in found.setup.experiment.warnings(on: found.setup.splits.train) {
        console.line("warning   \(text)")
      }
      for note in found.notes { console.remark("weights   \(note)") }
      for line in found.trial.lines(freeDisk: found.freeDiskBytes) { console.line(line) }
      return .done
    }
  }

  private var request: RunRequest {
    RunRequest(folder: folder, resumes: resume == .auto, fork: fork)
  }

  /// For launch/local: `RANKS THREADS`, or the error that the training would end with.
  private func printPlan(cores: Int) {
    runAlone {
      let saved = try request.savedRecipe()
      let experiment = try Experiment(
        options.makeRecipe(saved: saved).takingNetOfWeights(of: saved))
      let plan = try experiment.plan(ofPhotos: experiment.makeSplits().train.count)
      let fit = LaunchPlan.fit(
        microBatches: plan.fullStepMicroBatches, cores: cores,
        threads: experiment.recipe.training.threads)
      print(fit.ranks, fit.threads)
    }
  }

  private func header(_ setup: TrainingRun.Setup, _ world: World) throws -> RunHeader {
    let experiment = setup.experiment
    let dataset = experiment.dataset
    let columns = Split.allCases.map { dataset.classCounts(of: setup.splits[$0]) }
    let photos = dataset.classes.enumerated().map { label, name in
      (name: name, counts: columns.map { $0[label] })
    }
    return RunHeader(
      model: experiment.recipe.model.name, parameters: experiment.model.layout.parameterCount,
      frozen: experiment.frozenParameters,
      ranks: world.communicator.size, hosts: world.topology.hosts.count,
      threads: setup.cores.threads, coresUsed: setup.cores.used,
      coresAvailable: setup.cores.available, folder: setup.folder.path,
      columns: Split.allCases.map(\.rawValue), photos: photos,
      photosInAll: dataset.hasLabelSets ? Split.allCases.map { setup.splits[$0].count } : nil,
      drawn: try experiment.drawnShares(of: setup.splits.train).map { ($0.ofClasses, $0.ofPhotos) })
  }

  private func tellOfResuming(_ training: TrainingRun, _ log: Logger, _ console: Console) {
    for reason in training.rejected { log.warning("passed over a checkpoint: \(reason)") }
    for key in training.changed { log.notice("\(key); results stay the same") }
    if let origin = training.origin {
      let changes = origin.changed.joined(separator: ", ")
      console.line("forked    from \(origin.run) after its step \(origin.step); \(changes)")
    }
  }

  private func tellOfTheEnd(
    _ outcome: Trainer.Outcome, wasDone: Bool, _ training: TrainingRun, _ report: ConsoleReport,
    _ console: Console, _ account: Console
  ) {
    let state = training.trainer.state
    let setup = training.setup
    let folder = setup.folder
    let path = Paths.shellQuoted(folder.path)
    switch outcome {
    case .stopped:
      console.line(
        "stopped   after step \(state.step), which is saved; go on with the same command"
          + (fork == nil ? " and --run \(path) --resume auto" : ""))
    case .finished:
      console.line(
        wasDone
          ? "finished  \(folder.path) is finished, after \(state.step) steps"
            + (state.isStoppedEarly ? ", stopped early" : "")
          : report.end(afterStep: state.step))
      if !wasDone { showCurves(of: setup.experiment.recipe, in: setup.folder, on: account) }
      if let best = state.best {
        let metric = setup.experiment.recipe.training.selectBy
        console.line(
          "best      \(folder.checkpoints.path(ofStep: best.step)), \(metric.name) "
            + "\(NumberText.fixed(best.value, 4)) on the validation photos", .good)
      }
      if let start = state.scoreAtStart, let best = state.best,
        let weights = setup.experiment.recipe.model.weights
      {
        let metric = setup.experiment.recipe.training.selectBy
        console.line(
          "from      \(weights), which had \(metric.name) \(NumberText.fixed(start, 4)) on these photos"
            + (metric.prefers(start, to: best.value)
              ? ": better than what training made of it" : ""))
      } else if let parent = ParentScore(of: setup.experiment.recipe, state) {
        console.line(
          "from      \(parent.path), \(parent.metric.name) \(NumberText.fixed(parent.best, 4))"
            + (parent.isBetter ? ": better than what training made of it" : ""))
      }
      let split = setup.splits.test.isEmpty ? Split.validation : .test
      console.line(
        "next      launch/local evaluate --model \(path) --split \(split.rawValue)")
    }
  }
}
