import Checkpoints
import Datasets
import Tensors

/// Where a cross-validation starts: rank 0's finding in its folder, which it makes if need be.
struct CrossvalStart {
  /// The folds without a result.
  let pending: [Int]
  /// Keys of the recipe that were changed and don't affect results.
  private(set) var changed: [String] = []

  /// - Throws: `CrossvalError`, `RunError`, `RecipeError`, `FileError`.
  init(
    _ folder: CrossvalFolder, goesOn: Bool, _ experiment: Experiment,
    identity: CrossvalFolder.Identity, pool: FoldedPool
  ) throws {
    if goesOn {
      if let saved = try folder.savedRecipe() {
        let differences = Recipe.differences(
          old: try Recipe(text: saved.text, name: saved.path), new: experiment.recipe)
        let serious = differences.filter(\.affectsResults).map(\.description)
        guard serious.isEmpty else {
          throw CrossvalError.recipeChanged(path: folder.path, serious)
        }
        changed = differences.map(\.description)
      }
      guard try folder.identity() == identity else {
        throw CrossvalError.dataChanged(path: folder.path)
      }
    } else {
      if folder.exists { throw CrossvalError.exists(folder.path) }
      // What every fold needs is checked before there is a folder.
      for fold in 0..<identity.folds {
        _ = try experiment.holdingOut(fold: fold, of: identity.folds).makeSplits()
      }
      try folder.begin(identity)
    }
    try FileWriting.replace(folder.recipe, with: Array(experiment.recipe.resolved.utf8))
    pending = try (0..<identity.folds).filter { fold in
      guard let result = try FoldResult(of: folder.run(ofFold: fold)) else { return true }
      return result.steps != (try experiment.lastStep(ofFold: fold, of: identity.folds))
    }
  }
}

extension Experiment {
  /// Steps after which the training of a fold ends.
  fileprivate func lastStep(ofFold fold: Int, of count: Int) throws -> Int {
    let photos = try holdingOut(fold: fold, of: count).makeSplits().train.count
    let plan = StepPlan(
      samples: photos, globalBatch: recipe.training.globalBatch,
      microBatch: recipe.training.microBatch)
    let total = recipe.training.epochs * plan.stepsPerEpoch
    return min(total, recipe.training.maxSteps ?? total)
  }
}
