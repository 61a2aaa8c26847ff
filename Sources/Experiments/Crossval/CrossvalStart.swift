import Checkpoints
import Datasets
import Files
import Recipes
import Runs
import Training

/// Where a cross-validation starts.
struct CrossvalStart: Codable {
  /// The folds without a result.
  let pending: [Int]
  /// Epochs that each of them has seen to its end.
  let epochsDone: [Int]
  /// Whether one of them has no checkpoint yet.
  let needsWeights: Bool
  /// Keys of the recipe that were changed and don't affect results.
  let changed: [String]

  /// What rank 0 finds in the folder, which is made if need be. Of a fold that is to go on, because
  /// the recipe has more steps than when it was done, the result is removed.
  ///
  /// - Throws: `CrossvalError`, `RunError`, `RecipeError`, `CheckpointError`, `FileError`.
  static func find(_ member: CrossvalMember) throws -> (start: CrossvalStart, lock: RunLock) {
    let (folder, experiment, identity) = (member.folder, member.checked.experiment, member.identity)
    let lock =
      member.goesOn ? try RunLock(folder.path) : try begin(folder, member.checked, identity)
    try FileWriting.removePartials(in: folder.path)
    let changed = try changes(of: member)
    try FileWriting.replace(folder.recipe, with: Array(experiment.recipe.resolved.utf8))
    let pending = try pendingFolds(
      of: folder, lastSteps: member.plans.map(experiment.trainingSettings.lastStep))
    if !pending.isEmpty { folder.removeResults() }
    let start = CrossvalStart(
      pending: pending,
      epochsDone: pending.map { (try? folder.run(ofFold: $0).newestState())?.epoch ?? 0 },
      needsWeights: try pending.contains {
        try folder.run(ofFold: $0).checkpoints.steps().isEmpty
      }, changed: changed)
    return (start, lock)
  }

  /// The keys that were changed since it was begun and don't affect results; any other change is an error. None for one
  /// that begins.
  ///
  /// - Throws: `CrossvalError`, `RecipeError`, `FileError`.
  static func changes(of member: CrossvalMember) throws -> [String] {
    guard member.goesOn else { return [] }
    let (folder, identity) = (member.folder, member.identity)
    var changed: [String] = []
    if let saved = try folder.savedRecipe() {
      // The number of folds is compared as it came out.
      let differences = Recipe.differences(
        old: try Recipe(saved), new: member.checked.experiment.recipe
      )
      .filter { $0.key != "crossval.folds" }
      let serious = differences.filter(\.affectsResults).map(\.description)
      guard serious.isEmpty else {
        throw CrossvalError.recipeChanged(
          path: folder.path, serious, isMember: member.name != nil)
      }
      changed = differences.map(\.description)
    }
    let begun = try folder.identity()
    guard begun.folds == identity.folds else {
      throw CrossvalError.foldsChanged(path: folder.path, was: begun.folds, is: identity.folds)
    }
    guard begun == identity else {
      throw CrossvalError.dataChanged(path: folder.path)
    }
    return changed
  }

  private static func begin(
    _ folder: CrossvalFolder, _ checked: CheckedExperiment, _ identity: CrossvalFolder.Identity
  ) throws -> RunLock {
    if folder.exists { throw CrossvalError.exists(folder.path) }
    if RunFolder(path: folder.path).holdsRun { throw CrossvalError.isRun(folder.path) }
    try checked.experiment.checkWeightsAreUnaware(checked.findWeights())
    return try folder.begin(identity)
  }

  private static func pendingFolds(
    of folder: CrossvalFolder, lastSteps: [Int]
  ) throws -> [Int] {
    try lastSteps.indices.filter { fold in
      let run = folder.run(ofFold: fold)
      guard let result = try FoldResult(of: run) else { return true }
      guard result.steps <= lastSteps[fold] else {
        throw CrossvalError.fewerSteps(run.path, taken: result.steps, wanted: lastSteps[fold])
      }
      if result.steps == lastSteps[fold] || result.stoppedEarly == true { return false }
      // It goes on, and until it is done again there is no result.
      try FoldResult.remove(from: run)
      return true
    }
  }
}

extension Experiment {
  /// Photos that each fold's model is trained on.
  package func trainingPhotos(ofFolds count: Int) throws -> [Int] {
    try (0..<count).map { try holdingOut(fold: $0, of: count).makeSplits().train.count }
  }
}
