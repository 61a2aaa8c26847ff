import Recipes

extension Recipe {
  /// With a global batch that gives each of so many ranks a micro-batch, if the recipe says so and its own doesn't. It
  /// becomes part of the recipe, and so of a run's `recipe.yaml`: whatever the number of ranks it goes on with, the run
  /// stays as it began.
  ///
  /// - Parameter saved: the recipe of the run that goes on or is forked, whose batch stays as it has grown.
  func grown(toRanks ranks: Int, by saved: SavedRecipe?) throws(RecipeError) -> Recipe {
    guard training.scalesToRanks else { return self }
    var batch = training.globalBatch
    if let saved {
      let old = try Recipe(saved)
      // The same command, or the same file, goes on with it.
      if old.training.scalesToRanks { batch = max(batch, old.training.globalBatch) }
    } else if batch <= (ranks - 1) * training.microBatch {
      batch = ranks * training.microBatch
    }
    return batch == training.globalBatch ? self : try with(["training.global-batch=\(batch)"])
  }
}
