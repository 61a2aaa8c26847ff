import Checkpoints
import Datasets
import Tensors
import Training

/// Where a cross-validation starts: rank 0's finding in its folder, which it makes if need be.
struct CrossvalStart {
  /// The folds without a result.
  let pending: [Int]
  /// Whether one of them has no checkpoint yet.
  let needsWeights: Bool
  /// Keys of the recipe that were changed and don't affect results.
  private(set) var changed: [String] = []

  /// - Parameter lastSteps: steps after which the training of each fold ends.
  /// - Throws: `CrossvalError`, `RunError`, `RecipeError`, `CheckpointError`, `FileError`.
  init(
    _ folder: CrossvalFolder, goesOn: Bool, _ experiment: Experiment,
    identity: CrossvalFolder.Identity, lastSteps: [Int]
  ) throws {
    if goesOn {
      if let saved = try folder.savedRecipe() {
        // The number of folds is compared as it came out.
        let differences = Recipe.differences(
          old: try Recipe(text: saved.text, name: saved.path), new: experiment.recipe
        ).filter { $0.key != "crossval.folds" }
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
      if RunFolder(path: folder.path).holdsRun { throw CrossvalError.isRun(folder.path) }
      try experiment.checkWeightsAreUnaware()
      try folder.begin(identity)
    }
    try FileWriting.replace(folder.recipe, with: Array(experiment.recipe.resolved.utf8))
    var pending: [Int] = []
    for (fold, last) in lastSteps.enumerated() {
      let run = folder.run(ofFold: fold)
      if let result = try FoldResult(of: run) {
        if result.steps == last { continue }
        guard result.steps < last else {
          throw CrossvalError.fewerSteps(run.path, taken: result.steps, wanted: last)
        }
        // It goes on, and until it is done again there is no result.
        try FoldResult.remove(from: run)
      }
      pending.append(fold)
    }
    self.pending = pending
    needsWeights = try pending.contains {
      try folder.run(ofFold: $0).checkpoints.steps().isEmpty
    }
  }
}

extension Experiment {
  /// Photos that each fold's model is trained on.
  package func trainingPhotos(ofFolds count: Int) throws -> [Int] {
    try (0..<count).map { try holdingOut(fold: $0, of: count).makeSplits().train.count }
  }

  /// Steps after which a training on so many photos ends.
  func lastStep(ofPhotos count: Int) -> Int {
    trainingSettings.lastStep(
      of: StepPlan(
        samples: count, globalBatch: recipe.training.globalBatch,
        microBatch: recipe.training.microBatch))
  }
}
