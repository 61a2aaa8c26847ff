import ArgumentParser
import DataParallel
import Experiments
import Files
import MPI
import Planning
import Recipes
import Reporting
import Runs

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Says what a training would take on a cluster: time, memory, disk and how to start it.",
    usage: "tutti plan <photos> [--recipe <file> ...] [<options>]",
    discussion: """
      It measures the parts of some steps on this machine, on one thread and on all cores, and tells from these what \
      ranks, threads and micro-batches would make of them: on this machine, or on hosts with the same cores. It writes \
      nothing but what --write names. docs/plan.md has the model, and what it can't know.

      EXAMPLES
        tutti plan photos --recipe launch/recipes/photos-lite0.yaml
        tutti plan photos --recipe mine.yaml other.yaml --time-limit 8h
        tutti plan photos --recipe mine.yaml --cores 64 --hosts 4 --network 10Gbit --folds 5 --write plans
      """)

  @Argument(help: .photos, completion: .file())
  var photos: String

  @Option(
    name: .customLong("recipe"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Recipes; without one, all keys have their defaults.", valueName: "file"),
    completion: .recipe)
  var recipes: [String] = []

  @OptionGroup var changes: RecipeSettingOptions
  @OptionGroup var clusterOptions: ClusterOptions
  @OptionGroup var folding: FoldOptions
  @OptionGroup var waiting: WaitOptions

  @Option(
    help: ArgumentHelp(
      "How long all of it may take; it is trained for as many epochs as there is time for.",
      valueName: "8h, 90min"))
  var timeLimit: TimeLimit?

  @Option(
    help: ArgumentHelp(
      "A new folder, for each recipe with the best arrangement's settings, and a script that starts it.",
      valueName: "folder"),
    completion: .directory)
  var write: String?

  @OptionGroup var output: JSONOptions

  func run() {
    runWithMPI(waiting) { world in
      try world.communicator.onFirst { try FileExists.check(write, option: "--write") }
      let console = Console()
      let cluster = clusterOptions.cluster
      // Of all recipes, before one is measured and its memory is this process's.
      var plans = try sources.map { source in
        (
          source,
          try RecipePlan.prepare(
            world: world, on: cluster, folds: folding.folds != nil, recipe: { try recipe(source) })
        )
      }
      let free = try DiskSpace.free(for: "runs")
      for index in plans.indices {
        try plans[index].1.measure(within: timeLimit?.seconds, freeDisk: free)
      }
      let starts = plans.map { source, plan in start(source, plan) }
      if output.isJSON {
        print(
          try JSONText.encode(
            PlanDocument(
              cluster, zip(plans, starts).map { .init($0.0, $0.1, start: $1?.text) }),
            indented: true, inSnakeCase: true))
      } else {
        for ((source, plan), start) in zip(plans, starts) {
          for line in plan.lines(of: source ?? "the defaults", freeDisk: free) {
            console.line(line)
          }
          if let start { console.line("start     \(start.text)") }
        }
      }
      if starts.allSatisfy({ $0 == nil }) {
        throw AgreedError(NothingFits(plans.flatMap { $0.1.reasons }))
      }
      if let write { try save(zip(plans, starts).map { ($0.0, $1) }, to: write) }
      return .done
    }
  }

  private var sources: [String?] { recipes.isEmpty ? [nil] : recipes }

  private func recipe(_ source: String?) throws -> Recipe {
    let overrides =
      folding.settings + changes.settings + ["data.path=\(Recipe.value(photos))"]
    return try source.map { try Recipe(path: $0, overrides: overrides) }
      ?? Recipe(overrides: overrides)
  }

  /// How to start the best arrangement; nil where none fits.
  private func start(_ source: String?, _ plan: RecipePlan) -> StartCommand? {
    guard let best = plan.ranked.first else { return nil }
    return StartCommand(
      best.arrangement, folds: plan.folds, cluster: plan.cluster,
      options: (source.map { ["--recipe", $0] } ?? []) + ["--data", photos]
        + changes.settings.flatMap { ["--set", $0] }
        + (folding.groupBy.map { ["--set", "data.group-by=\(Recipe.value($0))"] } ?? []),
      settings: plan.settings(for: best.arrangement), timeLimit: timeLimit)
  }

  /// A recipe and a script for each.
  private func save(_ plans: [(source: String?, StartCommand?)], to folder: String) throws {
    try FileWriting.makeFolder(folder)
    for (number, (source, start)) in plans.enumerated() {
      guard var start else { continue }
      let name = RunFolderName.of(source) + (plans.count > 1 ? "-\(number + 1)" : "")
      let path = "\(folder)/\(name).yaml"
      let whole = try recipe(source).with(start.settings)
      try FileWriting.replace(path, with: Array(Recipe.yaml(whole.changedSettings).utf8))
      start.options = ["--recipe", path, "--data", photos]
      start.settings = []
      try FileWriting.replace(
        "\(folder)/\(name).sh",
        with: Array(
          "#!/bin/sh\n# To be run where the plan was made: its paths begin there. Options may follow, such as --run.\n"
            .utf8) + Array("exec \(start.text) \"$@\"\n".utf8))
    }
  }
}

/// No arrangement of any recipe is possible.
private struct NothingFits: UnusableInput, CustomStringConvertible {
  let reasons: [String]

  init(_ reasons: [String]) { self.reasons = reasons }

  var description: String { "nothing fits: " + reasons.joined(separator: "; ") }
}
