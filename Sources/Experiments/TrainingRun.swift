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
  package let experiment: Experiment
  package let folder: RunFolder
  package let cores: Cores
  package let trainer: Trainer
  /// Checkpoints that were passed over on resuming, and why.
  package let rejected: [String]
  /// Keys of the recipe that were changed on resuming and don't affect results.
  package let changed: [String]
  /// Where this run was forked from just now.
  package let origin: ForkOrigin?

  /// Reads the recipe and data, compares the ranks, opens or makes the run's folder and sets the
  /// trainer up. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - recipe: makes the recipe, given the path of one that was saved in a run's folder.
  ///   - name: what a new folder below `runs` is called.
  ///   - observers: made on rank 0, when the experiment is known to be sound.
  package init(
    world: World, recipe makeRecipe: (_ saved: String?) throws -> Recipe, name: String,
    start asked: RunStart,
    observers: (Experiment, Cores, RunFolder) throws -> [any TrainingObserver]
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let path = try communicator.broadcast(
      Array((isFirst ? (asked.folder ?? RunFolder.next(named: name)).path : "").utf8), from: 0)
    let folder = RunFolder(path: String(decoding: path, as: UTF8.self))
    self.folder = folder
    let experiment = try communicator.agree {
      if let origin = asked.origin, !asked.goesOn, !origin.holdsRun {
        throw RunError.noModel(origin.path)
      }
      let experiment = try Experiment(makeRecipe(asked.savedRecipe))
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
      isFirst ? try Start(asked, in: folder, experiment) : Start(experiment.initialState)
    }
    rejected = start.rejected
    changed = start.changed
    origin = start.origin
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
}

extension Fingerprint {
  /// What has to be equal on all ranks whatever they do. Throws `FileError`.
  static func machine() throws -> [(what: String, value: String)] {
    [
      ("the binary", try Digest.hex(ofFile: "/proc/self/exe")),
      ("the CPU's instruction sets", String(cString: tutti_processor_features())),
      ("the BLAS library", BLAS.description),
    ]
  }
}

extension Experiment {
  /// What has to be equal on all ranks.
  func fingerprint() throws -> Fingerprint {
    Fingerprint(
      [("the list of photos", dataDigest), ("the recipe", recipeDigest)]
        + (try Fingerprint.machine()))
  }

  package var stepsPerEpoch: Int {
    StepPlan(
      samples: splits.train.count, globalBatch: recipe.training.globalBatch,
      microBatch: recipe.training.microBatch
    ).stepsPerEpoch
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
