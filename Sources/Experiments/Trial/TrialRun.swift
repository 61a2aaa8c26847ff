import Checkpoints
import Datasets
import DataParallel
import Files
package import MPI
package import Recipes
import Runs
import Training

/// One `tutti train --dry-run`.
package struct TrialRun {
  package let setup: TrainingRun.Setup
  package let trial: Trial
  /// On rank 0, notes on the recipe.
  package let notes: [String]
  /// On rank 0, what the disk of the run's folder has left; nil where it doesn't tell.
  package let freeDiskBytes: Int?

  /// Reads and checks all that the training would, and tries it out. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - makeRecipe: makes the recipe, given one that is saved in a run's folder.
  ///   - name: what a new folder below `runs` would be called after.
  package static func run(
    world: World, recipe makeRecipe: (SavedRecipe?) throws -> Recipe, name: String,
    request: RunRequest
  ) throws -> TrialRun {
    let communicator = world.communicator
    let checked = try CheckedExperiment.read(
      world: world, saved: request.savedRecipe,
      recipe: { try makeRecipe($0).withoutStaging }, growing: true,
      goingOn: { request.goesOn })
    let folder = request.folder ?? RunFolder(path: "runs/\(name)")
    let free = try communicator.onFirst {
      if !request.goesOn, request.folder != nil { try folder.checkIsFree() }
      return try DiskSpace.free(for: folder.path)
    }
    let done = try communicator.share {
      try request.goesOn ? folder.checkpoints.newestGood().checkpoint?.state.step ?? 0 : 0
    }
    var notes = checked.notes
    let trial = try checked.trial(over: communicator, world.status, after: done) {
      let first = try checked.makeInitialWeights()
      notes += first.notes
      return first.weights
    }
    let (splits, _) = try checked.splits(over: communicator)
    return TrialRun(
      setup: TrainingRun.Setup(
        experiment: checked.experiment, splits: splits, cores: checked.cores, folder: folder,
        binary: checked.binary),
      trial: trial, notes: notes,
      freeDiskBytes: free)
  }
}
