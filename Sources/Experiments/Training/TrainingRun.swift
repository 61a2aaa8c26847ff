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
  /// On rank 0, what is to be told of the recipe and of pretrained weights.
  package let notes: [String]

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
    let folder = RunFolder(
      path: try world.communicator.broadcast(
        world.communicator.rank == 0 ? (request.folder ?? RunFolder.next(named: name)).path : "",
        from: 0))
    let sound = try SoundExperiment(world: world, saved: request.savedRecipe, recipe: makeRecipe)
    try self.init(
      sound, folder: folder, request: request, over: world.communicator, world.situation,
      observers: observers)
  }

  /// Opens or makes the run's folder and sets the trainer up, on ranks that have compared the
  /// experiment. Collective; throws on all these ranks if on one.
  ///
  /// - Parameter communicator: all ranks or a team of them; its first rank looks into the run's folder.
  package init(
    _ sound: SoundExperiment, folder: RunFolder, request: RunRequest,
    over communicator: Communicator, _ situation: Situation,
    observers: (Setup) throws -> [any TrainingObserver]
  ) throws {
    let isFirst = communicator.rank == 0
    let (experiment, cores) = (sound.experiment, sound.cores)
    let splits = try communicator.agree {
      let splits = try experiment.makeSplits()
      try TooManyRanks.check(
        ranks: communicator.size,
        globalBatch: experiment.largestStep(ofPhotos: splits.train.count),
        microBatch: experiment.recipe.training.microBatch)
      return splits
    }
    let setup = Setup(
      experiment: experiment, splits: splits, cores: cores, folder: folder, binary: sound.binary)
    self.setup = setup

    var start = try communicator.agree(isShared: true) {
      isFirst ? try Start(request, setup, sound) : Start(experiment.initialState)
    }
    rejected = start.rejected
    changed = start.changed
    origin = start.origin
    notes = sound.notes + start.notes
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
      situation: situation, pool: ThreadPool(threads: cores.threads), observers: watching)
  }
}
