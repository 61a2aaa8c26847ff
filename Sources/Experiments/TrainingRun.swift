import Checkpoints
import DataParallel
package import Datasets
package import MPI
import Tensors
package import Training

/// One `tutti train`, from the recipe to the last checkpoint.
package struct TrainingRun {
  /// What is known before the first step.
  package struct Setup {
    package let experiment: Experiment
    package let splits: Splits
    package let cores: Cores
    package let folder: RunFolder
    /// The binary's SHA-256.
    package let binary: String
  }

  package let setup: Setup
  package let trainer: Trainer
  /// Checkpoints that were passed over on resuming, and why.
  package let rejected: [String]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]
  /// Where this run was forked from just now.
  package let origin: ForkOrigin?

  /// Reads the recipe and data, compares the ranks, opens or makes the run's folder and sets the
  /// trainer up. Collective; throws on all ranks if on one. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - makeRecipe: makes the recipe, given the text and path of one that is saved in a run's
  ///     folder.
  ///   - name: what a new folder below `runs` is called after.
  ///   - observers: made on rank 0, when the experiment is known to be sound.
  package init(
    world: World, recipe makeRecipe: (_ saved: (text: String, path: String)?) throws -> Recipe,
    name: String, request: RunRequest,
    observers: (Setup) throws -> [any TrainingObserver]
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let path = isFirst ? (request.folder ?? RunFolder.next(named: name)).path : ""
    let folder = RunFolder(path: try communicator.broadcast(path, from: 0))
    let saved = try communicator.agree(isShared: true) {
      isFirst ? try request.savedRecipe() : nil
    }
    let recipeText = try communicator.broadcast(saved?.text ?? "", from: 0)
    let recipePath = try communicator.broadcast(saved?.path ?? "", from: 0)
    var experiment = try communicator.agree {
      try Experiment(makeRecipe(recipePath.isEmpty ? nil : (recipeText, recipePath)))
    }
    let binary = try experiment.check(over: communicator)
    try experiment.leaveOutCorrupt(over: world)
    let splits = try communicator.agree {
      let splits = try experiment.makeSplits()
      try TooManyRanks.check(
        ranks: communicator.size,
        globalBatch: experiment.largestStep(ofPhotos: splits.train.count),
        microBatch: experiment.recipe.training.microBatch)
      return splits
    }
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    let setup = Setup(
      experiment: experiment, splits: splits, cores: cores, folder: folder, binary: binary)
    self.setup = setup

    var start = try communicator.agree(isShared: true) {
      isFirst ? try Start(request, setup) : Start(experiment.initialState)
    }
    rejected = start.rejected
    changed = start.changed
    origin = start.origin
    start.state = try communicator.broadcast(start.state, from: 0)
    let watching = try communicator.agree(isShared: true) {
      isFirst ? try observers(setup) : []
    }
    trainer = try Trainer(
      model: experiment.model,
      data: TrainingData(
        dataset: experiment.dataset, splits: splits, pipeline: experiment.pipeline,
        loaderThreads: experiment.recipe.data.loaderThreads ?? cores.threads),
      settings: experiment.trainingSettings, state: start.state, checkpoint: start.checkpoint,
      initialWeights: start.weights, store: folder.checkpoints, communicator: communicator,
      situation: world.situation, pool: ThreadPool(threads: cores.threads), observers: watching)
  }
}
