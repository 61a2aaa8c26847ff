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

  /// Reads the recipe and data, compares the ranks, opens or makes the run's folder and sets the
  /// trainer up. Collective; throws on all ranks if on one. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - makeRecipe: makes the recipe, given the text and path of one that is saved in the run's
  ///     folder.
  ///   - named: the run's folder; nil for a new one below `runs`, called after `name`.
  ///   - resumes: starts, goes on or is done already, whichever the folder says; otherwise the
  ///     folder must be new or empty.
  ///   - observers: made on rank 0, when the experiment is known to be sound.
  package init(
    world: World, recipe makeRecipe: (_ saved: (text: String, path: String)?) throws -> Recipe,
    name: String, folder named: String?, resumes: Bool,
    observers: (Setup) throws -> [any TrainingObserver]
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let path = isFirst ? named ?? RunFolder.next(named: name).path : ""
    let folder = RunFolder(path: try communicator.broadcast(path, from: 0))
    let saved = try communicator.broadcast(
      communicator.agree(isShared: true) {
        guard isFirst, resumes, folder.holdsRun else { return "" }
        return try folder.savedRecipe().text
      }, from: 0)
    var experiment = try communicator.agree {
      try Experiment(makeRecipe(saved.isEmpty ? nil : (saved, folder.recipe)))
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
      isFirst
        ? try Self.open(folder, experiment, saved: saved) : Start(experiment.initialState)
    }
    rejected = start.rejected
    changed = start.changed
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

  /// Where a run starts: rank 0's finding.
  private struct Start {
    var state: TrainingState
    var checkpoint: Checkpoint?
    var weights: FlatStore?
    var rejected: [String] = []
    var changed: [String] = []

    init(_ state: TrainingState) { self.state = state }
  }

  /// Makes the run's folder, or finds the checkpoint to go on from.
  private static func open(
    _ folder: RunFolder, _ experiment: Experiment, saved: String
  ) throws -> Start {
    var start = Start(experiment.initialState)
    if saved.isEmpty {
      start.weights = try experiment.initialWeights()
      try folder.create(experiment.recipe)
      return start
    }
    let differences = Recipe.differences(
      old: try Recipe(text: saved, name: folder.recipe), new: experiment.recipe)
    func told(_ difference: Recipe.Difference) -> String {
      "\(difference.key) was \(difference.old), is \(difference.new)"
    }
    let serious = differences.filter(\.affectsResults)
    guard serious.isEmpty else {
      throw RunError.recipeChanged(path: folder.path, serious.map(told))
    }
    start.changed = differences.map(told)
    let (checkpoint, rejected) = try folder.checkpoints.newestGood()
    start.rejected = rejected.map(\.description)
    if checkpoint == nil && !rejected.isEmpty {
      throw RunError.noGoodCheckpoint(path: folder.path, start.rejected)
    }
    if let checkpoint {
      guard checkpoint.state.dataDigest == experiment.dataDigest else {
        throw RunError.dataChanged(path: folder.path)
      }
      guard checkpoint.state.recipeDigest == experiment.recipeDigest else {
        throw RunError.recipeEdited(path: folder.path)
      }
      start.state = checkpoint.state
      start.checkpoint = checkpoint
    } else {
      start.weights = try experiment.initialWeights()
    }
    try FileWriting.replace(folder.recipe, with: Array(experiment.recipe.resolved.utf8))
    try MetricsCut.cut(folder.metrics, after: start.state.step)
    return start
  }
}
