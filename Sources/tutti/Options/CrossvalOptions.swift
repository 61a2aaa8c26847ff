import ArgumentParser
import Experiments
import Recipes
import Runs

/// The recipes that are cross-validated, each with all seeds and repeats.
struct CrossvalOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Recipes, one or several; without one, all keys have their defaults. Several are trained from one queue on the same folds, and are scored together, too.",
      valueName: "file"),
    completion: .recipe)
  var recipe: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Trains each recipe once with each of these seeds (training.seed).", valueName: "number"))
  var seeds: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Deals the photos out to folds so many times, each time otherwise (crossval.seed, and those after it).",
      valueName: "number"))
  var repeats = 1

  @OptionGroup var folding: FoldOptions
  @OptionGroup var viewing: ViewOptions
  @OptionGroup var changing: RecipeChangeOptions

  func validate() throws {
    try viewing.check(beside: changing.changes.settings)
    if repeats < 1 { throw ValidationError("--repeats must be at least 1") }
    let set = changing.changes.settings
    if !seeds.isEmpty, set.contains(where: { $0.hasPrefix("training.seed=") }) {
      throw ValidationError("--seeds and --set training.seed say two things; leave one out")
    }
    if makesSet, let odd = parts.map(\.name).first(where: { !CrossvalSet.isName($0) }) {
      throw ValidationError(
        "a member would be called `\(odd)`, and its folder as well: give the recipe's file another name"
      )
    }
    var names: Set<String> = []
    for name in parts.map(\.name) where !names.insert(name).inserted {
      throw ValidationError(
        "two members would be called \(name): give the recipes' files names of their own, and name "
          + "each seed once")
    }
  }

  /// Whether they become a set, which others can be added to.
  var makesSet: Bool { recipe.count > 1 || !seeds.isEmpty || repeats > 1 }

  var request: CrossvalRequest {
    var request = CrossvalRequest(
      name: makesSet ? "crossval" : RunFolderName.of(recipe.first), parts: parts)
    request.makesSet = makesSet
    if makesSet || !recipe.isEmpty { request.ofSaved = part(of: nil, seed: nil, repeat: 0) }
    return request
  }

  private var parts: [CrossvalRequest.Part] {
    (recipe.isEmpty ? [nil] : recipe.map(Optional.some)).flatMap { recipe in
      (seeds.isEmpty ? [nil] : seeds.map(Optional.some)).flatMap { seed in
        (0..<max(1, repeats)).map { part(of: recipe, seed: seed, repeat: $0) }
      }
    }
  }

  private func part(of recipe: String?, seed: Int?, repeat number: Int) -> CrossvalRequest.Part {
    let name =
      [RunFolderName.of(recipe)] + (seed.map { ["seed-\($0)"] } ?? [])
      + (repeats > 1 ? ["repeat-\(number)"] : [])
    return CrossvalRequest.Part(name: name.joined(separator: "-")) { saved in
      let made = try changing.makeRecipe(
        of: recipe, saved: saved, overriding: folding.settings + viewing.settings)
      // A saved recipe has its seeds.
      if recipe == nil, saved != nil { return made }
      return try made.with(
        (seed.map { ["training.seed=\($0)"] } ?? [])
          + (number > 0 ? ["crossval.seed=\(made.crossval.seed + number)"] : []))
    }
  }
}
