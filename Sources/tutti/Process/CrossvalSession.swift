import DataParallel
import Datasets
import Experiments
import Files
import MPI
import Recipes
import Reporting
import Runs
import Training

/// A process that cross-validates, over the ranks of mpirun.
struct CrossvalSession {
  private let request: CrossvalRequest
  private let options: QueueOptions

  init(_ request: CrossvalRequest, _ options: QueueOptions) {
    var request = request
    request.path = options.folder
    request.resumes = options.resume == .auto
    request.teams = options.teams
    self.request = request
    self.options = options
  }

  /// Trains all folds, or does what the options ask for in its place. Doesn't return.
  ///
  /// - Parameters:
  ///   - conclude: on rank 0, given all results; its errors end all ranks.
  ///   - tell: after that.
  func run(
    concluding conclude: @escaping (CrossvalResults, CrossvalRun) throws -> Void = { _, _ in },
    telling tell: @escaping (CrossvalResults, CrossvalRun, Console) -> Void
  ) {
    if let cores = options.planForCores { return printPlan(cores: cores) }
    if options.dryRun { return tryOut() }
    StopSignals.install()
    runWithMPI(options.waiting, canResume: true) { world in
      let console = Console()
      let account = options.waiting.telling.account(on: console)
      let isFirst = world.communicator.isFirst
      let crossval = try CrossvalRun.prepare(request, world: world)
      let path = crossval.path
      if isFirst {
        try CrossvalHeader(crossval, options.logging.makeLog(world), world).tell(account)
        let checked = crossval.members[0].checked
        try EnvironmentFile.write(
          to: "\(path)/environment.json", binary: checked.binary, checked.cores, world)
      }
      if isFirst { options.waiting.telling.leaveToAccount() }
      let outcome = try crossval.run(
        observers: { fold, setup in
          [
            FoldReport(fold: fold.label, console: account),
            try MetricsFile(path: setup.folder.metrics),
            TensorBoardFile(folder: setup.folder.path),
          ]
        },
        tell: { fold, news in
          let report = FoldReport(fold: fold.label, console: account)
          switch news {
          case .note(let text): report.tell(text)
          case .heldOut(let scores): report.tell(scores)
          }
        },
        concluding: { try conclude($0, crossval) },
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
        if let results {
          console.line()
          tell(results, crossval, console)
          let seeds = Set(crossval.members.map(\.checked.experiment.recipe.crossval.seed))
          // Repeats have other folds, across which nothing can be fitted.
          if results.together != nil, seeds.count == 1 {
            let output = Paths.shellQuoted("\(path)-ensemble")
            console.line(
              "next      launch/local ensemble fit \(Paths.shellQuoted(path)) --output \(output), which finds how much each "
                + "member should count")
          } else if !crossval.members[0].pool.test.isEmpty {
            console.line(
              "next      launch/local evaluate --model \(Paths.shellQuoted(path)) --split test")
          }
        }
        try ReportWriting(path).writeAtEnd(world: world, console)
        return .done
      }
    }
  }

  private func tryOut() {
    runWithMPI(options.waiting) { world in
      let found = try CrossvalTrialRun.run(request, world: world)
      guard world.communicator.isFirst else { return .done }
      let console = Console()
      for member in found.members {
        let header = try RunHeader(member.checked, member.pool, folder: found.path, world)
        if let name = member.name { console.line("member    \(name)") }
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
        folds: folds, teams: request.teams, microBatches: microBatches, cores: cores,
        threads: threads)
      print(fit.ranks, fit.threads)
    }
  }
}
