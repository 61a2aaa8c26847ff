import Recipes

extension Recipe {
  /// With a global batch that gives each of so many ranks a micro-batch, if the recipe says so and its own doesn't. It
  /// becomes part of the recipe, and so of a run's `recipe.yaml`: whatever the number of ranks it goes on with, the run
  /// stays as it began.
  ///
  /// - Parameters:
  ///   - saved: the recipe of the run that goes on or is forked, whose batch has grown already.
  ///   - goesOn: whether it goes on: the same command, or the same file, says then what it began with. A fork is a
  ///     run of its own, that has another batch if it asks for one.
  /// - Returns: with a note on what became of the batch that was asked for; nil where it is that.
  func grown(
    toRanks ranks: Int, by saved: SavedRecipe?, goesOn: Bool
  ) throws(RecipeError) -> (recipe: Recipe, note: String?) {
    let (batch, micro) = (training.globalBatch, training.microBatch)
    guard training.scalesToRanks else { return (self, nil) }
    if let old = try saved.map({ saved throws(RecipeError) in try Recipe(saved).training }) {
      if old.scalesToRanks && old.globalBatch == batch { return (self, nil) }
      if goesOn {
        let hasGrown = old.globalBatch % micro == 0 && batch <= old.globalBatch - micro
        guard old.scalesToRanks && hasGrown else { return (self, nil) }
        return (
          try with(["training.global-batch=\(old.globalBatch)"]),
          "stays \(old.globalBatch) photos a step, since the run began so, and not \(batch); for another, fork it "
            + "with --fork NEW"
        )
      }
    }
    guard batch <= (ranks - 1) * micro else { return (self, nil) }
    return (
      try with(["training.global-batch=\(ranks * micro)"]),
      "grown from \(batch) to \(ranks * micro) photos a step, so that each of \(ranks) ranks has a micro-batch; "
        + "the run stays so on any ranks"
        + (optimizer.scaling == nil
          ? ". The learning rate stays: see optimizer.scale-learning-rate" : "")
    )
  }
}
