import ArgumentParser
import DataParallel
import Datasets
import Experiments
import Files
import Inference
import MPI
import Recipes
import Reporting
import Runs

struct Probe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says how well pretrained weights tell photos apart, cross-validated, in minutes.",
    discussion: """
      The net makes features of each photo, once; it isn't trained. For each fold, two heads are fitted \
      to the features of the other folds' photos and judged by its own: a linear one (logistic \
      regression, its penalty chosen on a tenth of these photos) and the regularised one \
      (model.head: regularised). Test photos stay out of it altogether.

      The folder has predictions/oof.csv, scores.json and a model, with a linear head of the photos that \
      a training would train on, for tutti evaluate, tutti predict and model.weights. The features are \
      kept in ~/.cache/tutti, so that another probe of the same photos takes seconds. The same bits come \
      out for any number of ranks.

      EXAMPLES
        A folder of photos, with ImageNet's weights:
          launch/get-weights lite0
          launch/local probe photos --weights weights/efficientnet-lite0-57934424.pth --run runs/probe

        Its model on the photos that it never saw, and as the start of a training:
          launch/local evaluate --model runs/probe --split test
          launch/local train --recipe launch/recipes/photos-lite0.yaml --data photos \
      --set model.weights=runs/probe
      """)

  @Argument(help: .photos, completion: .file())
  var photos: String

  @Option(
    help: ArgumentHelp("A file of pretrained weights, a run or a checkpoint.", valueName: "path"),
    completion: .file())
  var weights: String

  @Option(
    help: ArgumentHelp(
      "The net, of those of tutti models; by default the one that the weights suit.",
      valueName: "name"))
  var model: String?

  @OptionGroup var folding: FoldOptions

  @OptionGroup var skipCorrupt: SkipCorruptOption

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Sets a key of the recipe, e.g. model.image-size=160, or training.epochs=20 for the regularised head.",
      valueName: "key=value"),
    completion: .recipeKeys)
  var settings: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The probe's folder; by default runs/DATE-probe-N, with the first N that is free.",
      valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "The folder that features are kept in; by default ~/.cache/tutti.", valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Flag(
    help:
      "Reads and checks everything, computes the features of some photos, says what all would take of time and memory, and writes nothing."
  )
  var dryRun = false

  @OptionGroup var waiting: WaitOptions

  func run() throws {
    runWithMPI(waiting) { world in
      let console = Console()
      let account = waiting.telling.account(on: console)
      let isFirst = world.communicator.isFirst
      let probe = try ProbeRun.prepare(
        world: world, photos: photos, weights: weights, model: model, path: folder, cache: cache,
        settings: overrides, isTrial: dryRun)
      if isFirst {
        let header = try RunHeader(probe.checked, probe.pool, folder: probe.folder.path, world)
        for line in header.lines { account.line(line) }
        for line in probe.checked.experiment.photoLines { account.line(line) }
        if let line = probe.checked.experiment.rateLine { account.line(line) }
        for note in probe.notes { account.remark("weights   \(note)") }
        if let staging = probe.checked.staging { account.line("stage     \(staging)") }
      }
      if dryRun {
        let found = try probe.tryOut()
        if isFirst {
          console.line(
            "time      \(DurationText.of(found.seconds)) for the features of "
              + "\(NumberText.grouped(probe.pool.indices.count)) photos, judged by \(found.photos) of them; the heads "
              + "come on top")
          console.line(
            "memory    \(ByteCount(found.peakMemoryBytes)) were taken by the rank with the most")
          console.line("written   nothing: this was a dry run")
        }
        return .done
      }
      let clock = ContinuousClock()
      let start = clock.now
      let found = try probe.findFeatures()
      let features = found.features
      if isFirst {
        let origin =
          found.origin.map { "known from \($0)" } ?? "computed in \(seconds(clock.now - start))"
        account.line("features  \(features.count) photos × \(features.width) numbers, \(origin)")
        if let problem = found.problem { account.line("features  not kept: \(problem)") }
      }
      let startOfFits = clock.now
      guard let result = try probe.run(features) else { return .done }
      account.line("heads     fitted in \(seconds(clock.now - startOfFits))")
      try EnvironmentFile.write(
        to: probe.folder.environment, binary: probe.checked.binary, probe.checked.cores, world)
      tell(result, probe, console)
      return .done
    }
  }

  private var overrides: [String] {
    folding.settings + skipCorrupt.settings + settings
  }

  private func tell(_ result: ProbeResult, _ probe: ProbeRun, _ console: Console) {
    console.heading("linear heads (logistic regression):")
    console.text(FoldsTable.text(result.linear))
    console.heading("regularised heads (two layers, BatchNorm, dropout):")
    console.text(FoldsTable.text(result.regularised))
    console.heading(
      "all held-out photos together, each by the linear head that was not fitted to it:")
    console.text(ScoresTable.text(result.linear.outOfFold))
    let folder = probe.folder
    console.line()
    console.line("written   \(folder.outOfFold), \(folder.scores) and a model with a linear head")
    let path = Paths.shellQuoted(folder.path)
    if !probe.pool.test.isEmpty {
      console.line("next      launch/local evaluate --model \(path) --split test")
    }
    console.line("next      launch/local train \(trainingOptions(probe))")
  }

  /// The options of a training that begins with the probe's weights, on the same photos: the net is their own, and
  /// the steps are those of `launch/recipes/photos-lite0.yaml`, which make more of a new head than of the probe's.
  private func trainingOptions(_ probe: ProbeRun) -> String {
    let recipe = probe.checked.experiment.recipe
    let photos = recipe.changedSettings.filter {
      $0.key.hasPrefix("data.") && $0.key != "data.path" && $0.key != "data.loader-threads"
    }
    let settings =
      photos.map { ($0.key, $0.value) } + [
        ("model.weights", Recipe.value(weights)), ("training.epochs", "6"),
        ("training.global-batch", "32"), ("optimizer.learning-rate", "3e-3"),
        ("optimizer.groups", #"[{"body":0.1}]"#), ("fine-tuning.batch-norm", "frozen"),
      ]
    return "--data \(Paths.shellQuoted(recipe.data.path))"
      + settings.map { " --set \($0)=\(Paths.shellQuoted($1))" }.joined()
  }

  private func seconds(_ duration: Duration) -> String {
    "\(NumberText.fixed(duration / .seconds(1), 1)) s"
  }
}
