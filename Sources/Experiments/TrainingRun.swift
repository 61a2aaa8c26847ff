import Checkpoints
import CProcessor
import DataParallel
import Datasets
import FoundationEssentials
import Kernels
package import MPI
import Tensors
package import Training

/// One `tutti train`, from the recipe to the last checkpoint.
package struct TrainingRun {
  package enum Resume: String, Sendable {
    /// Only in a folder that isn't there.
    case never
    /// Starts, goes on or is done already, whichever the folder says.
    case auto
  }

  package let experiment: Experiment
  package let folder: RunFolder
  package let cores: Cores
  package let trainer: Trainer
  /// Checkpoints that were passed over on resuming, and why.
  package let rejected: [String]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]

  /// Reads the recipe and data, compares the ranks, opens or makes the run's folder and sets the
  /// trainer up. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - recipe: makes the recipe, given the path of one that was saved in the run's folder.
  ///   - folder: nil for a new one below `runs`.
  ///   - observers: made on rank 0, when the experiment is known to be sound.
  package init(
    world: World, recipe makeRecipe: (_ saved: String?) throws -> Recipe, name: String,
    folder named: String?, resume: Resume,
    observers: (Experiment, Cores, RunFolder) throws -> [any TrainingObserver]
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let path = try communicator.broadcast(
      Array((isFirst ? (named ?? RunFolder.next(named: name).path) : "").utf8), from: 0)
    let folder = RunFolder(path: String(decoding: path, as: UTF8.self))
    self.folder = folder
    let goesOn = try communicator.agree { resume == .auto && folder.holdsRun }
    let experiment = try communicator.agree {
      let experiment = try Experiment(makeRecipe(goesOn ? folder.recipe : nil))
      try TooManyRanks.check(
        ranks: communicator.size, globalBatch: experiment.largestStep,
        microBatch: experiment.recipe.training.microBatch)
      return experiment
    }
    self.experiment = experiment
    try communicator.agree { try experiment.fingerprint().compare(over: communicator) }
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    self.cores = cores

    var start = try communicator.agree(isRankZeros: true) {
      isFirst ? try Self.open(folder, experiment, goesOn: goesOn) : Start(experiment.initialState)
    }
    rejected = start.rejected
    changed = start.changed
    let state = try communicator.broadcast(Array(JSONEncoder().encode(start.state)), from: 0)
    start.state = try JSONDecoder().decode(TrainingState.self, from: Data(state))
    let watching = try communicator.agree(isRankZeros: true) {
      isFirst ? try observers(experiment, cores, folder) : []
    }
    trainer = try Trainer(
      model: experiment.model,
      data: TrainingData(
        dataset: experiment.dataset, splits: experiment.splits, pipeline: experiment.pipeline,
        loaderThreads: experiment.recipe.data.loaderThreads ?? cores.threads),
      settings: experiment.trainingSettings, state: start.state, checkpoint: start.checkpoint,
      initialWeights: start.weights, store: folder.checkpoints, communicator: communicator,
      situation: world.situation,
      pool: ThreadPool(threads: cores.threads), observers: watching)
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
    _ folder: RunFolder, _ experiment: Experiment, goesOn: Bool
  ) throws -> Start {
    var start = Start(experiment.initialState)
    guard goesOn else {
      start.weights = try experiment.initialWeights()
      try folder.create(experiment.recipe)
      return start
    }
    let differences = Recipe.differences(
      old: try Recipe(path: folder.recipe, overrides: []), new: experiment.recipe)
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

extension Experiment {
  /// What has to be equal on all ranks.
  func fingerprint() throws -> Fingerprint {
    Fingerprint([
      ("the binary", try Digest.hex(ofFile: "/proc/self/exe")),
      ("the list of photos", dataDigest),
      ("the recipe", recipeDigest),
      ("the CPU's instruction sets", String(cString: tutti_processor_features())),
      ("the BLAS library", BLAS.description),
    ])
  }

  /// Samples of the largest step: the global batch, or fewer where there aren't as many photos.
  package var largestStep: Int {
    let plan = StepPlan(
      samples: splits.train.count, globalBatch: recipe.training.globalBatch,
      microBatch: recipe.training.microBatch)
    return min(plan.steps.map(\.count).max() ?? 0, recipe.training.globalBatch)
  }

  /// Micro-batches of a full step: the most ranks that have work.
  package var microBatchesPerStep: Int {
    (largestStep + recipe.training.microBatch - 1) / recipe.training.microBatch
  }
}
