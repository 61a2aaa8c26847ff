import ArgumentParser
import Evaluation
import Experiments
import Recipes
import Reporting

struct Ablate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what each part of a recipe brings, by leaving it out.",
    discussion: """
      Cross-validates the recipe, and the recipe without each part that --drop names, with the same \
      seeds on the same folds, from one queue. All photos are predicted by models that were not \
      trained on them; the differences of those predictions tell what a part brings, with an interval \
      of 95 % by the bootstrap over photos (or groups of them) and seeds. Where that holds zero, the \
      part is not resolved: more seeds or photos may tell.

      --drop takes names such as mixing, augment, augment.auto-augment, loss.focal, average, \
      model.weights, or a key with another value: training.precision=bf16. Without --drop, it lists \
      what the recipe has.

      EXAMPLES
        launch/local ablate --recipe mine.yaml --data photos --drop mixing loss.focal augment.random-erasing \\
          --seeds 3 --run runs/ablation --resume auto
      """)

  @Option(
    help: ArgumentHelp("The recipe.", valueName: "file"), completion: .recipe)
  var recipe: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What is left out, one at a time; without it, what can be is listed.",
      valueName: "part or key=value"))
  var drop: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many seeds each is trained with: training.seed, and those after it.",
      valueName: "number"))
  var seeds = 3

  @OptionGroup var folding: FoldOptions
  @OptionGroup var viewing: ViewOptions
  @OptionGroup var changing: RecipeChangeOptions
  @OptionGroup var queue: QueueOptions

  func validate() throws {
    try viewing.check(beside: changing.changes.settings)
    if seeds < 1 { throw ValidationError("--seeds must be at least 1") }
    if let idle = drop.first(where: {
      $0.hasPrefix("training.seed=") || $0.hasPrefix("crossval.") || $0.hasPrefix("data.path=")
    }) {
      throw ValidationError(
        "--drop \(idle): all members have the same seeds, photos and folds; give it as --set, or --seeds and --folds"
      )
    }
    if let twice = drop.first(where: { name in drop.count { $0 == name } > 1 }) {
      throw ValidationError("--drop names \(twice) twice")
    }
  }

  func run() throws {
    if drop.isEmpty {
      // launch/local asks how many ranks that takes.
      if let cores = queue.planForCores { return print(1, cores) }
      return listParts()
    }
    // Seeds are the recipe's, which ranks read together; a wrong recipe is told there.
    let first = (try? makeRecipe())?.training.seed ?? 0
    let plan = AblationPlan(drops: drop, seeds: Array(first..<(first + seeds)))
    var request = CrossvalRequest(
      name: "\(RunFolderName.of(recipe))-ablation", parts: plan.parts(makeRecipe))
    request.makesSet = true
    request.ofSaved = CrossvalRequest.Part(name: "") {
      try changing.makeRecipe(of: nil, saved: $0, overriding: folding.settings + viewing.settings)
    }
    var found: Ablation?
    CrossvalSession(request, queue).run { results, crossval in
      let ablation = plan.ablation(results)
      try plan.write(ablation, to: crossval.path)
      found = ablation
    } telling: { _, crossval, console in
      if let found { console.text(AblationTable.text(found)) }
      console.line()
      console.line("written   \(crossval.path)/ablation.json and \(crossval.path)/scores.json")
    }
  }

  private func makeRecipe() throws -> Recipe {
    try changing.makeRecipe(
      of: recipe, saved: nil, overriding: folding.settings + viewing.settings)
  }

  private func listParts() {
    runAlone {
      let names = try makeRecipe().droppable
      print("\(recipe) can do without:")
      for name in names { print("  \(name)") }
      print("name some with --drop, or a key with another value, such as training.precision=bf16")
    }
  }
}
