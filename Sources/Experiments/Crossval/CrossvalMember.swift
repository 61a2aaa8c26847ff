import DataParallel
package import Datasets
import Files
import MPI
import Recipes
package import Runs

/// One cross-validation of a run: a recipe, the photos in folds, and its folder.
package struct CrossvalMember {
  /// Nil where it is the only one.
  package let name: String?
  package internal(set) var checked: CheckedExperiment
  package let pool: FoldedPool
  package internal(set) var folder: CrossvalFolder
  /// Of each fold's training.
  let plans: [StepPlan]
  /// On rank 0, whether its folder was begun before.
  let goesOn: Bool
  /// The same for all ranks to know.
  let isNew: Bool
  /// The folds that have no result yet.
  package internal(set) var pending: [Int] = []
  /// Epochs that each of them has seen to its end.
  var epochsDone: [Int] = []
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package internal(set) var changed: [String] = []
  /// On rank 0, notes on the recipe and on pretrained weights.
  package internal(set) var notes: [String] = []
  /// Seconds, or any number as long as all have the same: of a fold, on a team.
  var cost = 1.0

  /// Reads the recipe and data, and compares the ranks. Collective; throws on all ranks if on one.
  ///
  /// - Parameter folder: nil where it isn't known yet.
  static func read(
    _ part: CrossvalRequest.Part, named name: String?, in folder: CrossvalFolder?,
    _ request: CrossvalRequest, world: World
  ) throws -> CrossvalMember {
    let communicator = world.communicator
    let goesOn = communicator.isFirst && request.resumes && folder?.exists == true
    var checked = try CheckedExperiment.readForFolds(
      world: world, teams: request.teams, saved: { goesOn ? try folder?.savedRecipe() : nil },
      recipe: { saved in
        let recipe = try part.makeRecipe(saved)
        return request.seconds == nil ? recipe : try saved.map(recipe.keepingEpochs) ?? recipe
      })
    let isNew = try communicator.share { !goesOn }
    if let seconds = request.seconds, isNew {
      try checked.fitFolds(into: seconds, teams: request.teams, world: world)
    }
    let experiment = checked.experiment
    let (pool, photos) = try communicator.agree {
      let pool = try experiment.makePool()
      return (pool, try experiment.trainingPhotos(ofFolds: pool.count))
    }
    let plans = try communicator.agree { try photos.map(experiment.plan) }
    return CrossvalMember(
      name: name, checked: checked, pool: pool,
      folder: folder ?? CrossvalFolder(path: ""), plans: plans, goesOn: goesOn, isNew: isNew)
  }

  var identity: CrossvalFolder.Identity {
    CrossvalFolder.Identity(folds: pool.count, data: checked.experiment.dataDigest)
  }

  /// A pending fold as work for a team.
  func job(_ id: Int, fold: Int) -> Job {
    let epochs = checked.experiment.recipe.training.epochs
    let done = zip(pending, epochsDone).first { $0.0 == fold }?.1 ?? 0
    return Job(
      id, cost: cost, mostRanks: plans.map(\.fullStepMicroBatches).min() ?? 1, epochs: epochs,
      epochsLeft: max(0, epochs - done))
  }

  /// Throws where it is of other photos than another, or has them in other folds without another seed.
  func check(against first: CrossvalMember) throws {
    func refuse(_ what: String) -> CrossvalError {
      .membersDiffer(first.name ?? "", name ?? "", what)
    }
    let (own, others) = (checked.experiment, first.checked.experiment)
    guard own.dataset.classes == others.dataset.classes else { throw refuse("classes") }
    guard own.dataDigest == others.dataDigest, pool.indices == first.pool.indices,
      pool.test == first.pool.test
    else { throw refuse("photos (data., crossval.)") }
    guard pool.count == first.pool.count else { throw refuse("numbers of folds") }
    let isRepeated = own.recipe.crossval.seed != others.recipe.crossval.seed
    guard isRepeated || pool.folds == first.pool.folds else {
      throw refuse("folds (data.group-by)")
    }
    guard own.thresholds == others.thresholds else { throw refuse("evaluation.thresholds") }
  }
}
