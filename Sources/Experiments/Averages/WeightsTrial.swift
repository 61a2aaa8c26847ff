import Checkpoints
import DataParallel
import Datasets
import Evaluation
import Inference
import MPI
import NeuralNetworks
import Recipes
import Runs
import Tensors
import Training

/// The photos of a trained model, to try other weights of its net on. Its methods are collective.
struct WeightsTrial {
  let experiment: Experiment
  let splits: Splits
  private let communicator: Communicator
  private let pool: ThreadPool
  private let loaderThreads: Int
  private let statistics: StatisticsPass

  /// Opens the photos that the model was trained with. Collective; throws on all ranks if on one.
  init(_ model: SharedModel, over world: World) throws {
    communicator = world.communicator
    var experiment = try Experiment(model.recipe, over: communicator)
    try experiment.check(over: communicator)
    try experiment.leaveOutCorrupt(over: world)
    let opened = experiment
    splits = try communicator.agree(isShared: true) {
      guard model.state.dataDigest == opened.dataDigest else {
        throw RunError.dataChanged(
          path: model.path, from: model.state.classes, to: opened.dataset.classes)
      }
      return try opened.makeSplits()
    }
    self.experiment = experiment
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    pool = ThreadPool(threads: cores.threads)
    loaderThreads = experiment.recipe.data.loaderThreads(beside: cores.threads)
    statistics = try StatisticsPass(
      experiment.model, experiment.dataset, samples: splits.train,
      by: experiment.evaluationPipeline, microBatch: experiment.recipe.training.microBatch,
      seed: UInt64(experiment.recipe.training.seed), loaderThreads: loaderThreads,
      communicator: communicator, pool: pool)
  }

  /// Of the validation photos; nil when there are none.
  func scores(of weights: FlatStore) throws -> Scores? {
    if splits.validation.isEmpty { return nil }
    let pass = EnsemblePass(
      [.init(network: experiment.model.network, weights: weights, views: .alone(0))],
      pipelines: [experiment.evaluationPipeline], dataset: experiment.dataset,
      thresholds: experiment.thresholds,
      microBatch: experiment.recipe.evaluation.microBatch, loaderThreads: loaderThreads,
      communicator: communicator, pool: pool)
    return try pass.scores(of: pass.atoms(of: splits.validation))[0].scores
  }

  /// Photos that running statistics are made of; 0 where the net has none.
  var statisticsPhotos: Int {
    experiment.model.layout.statistics.isEmpty ? 0 : statistics.photos
  }

  /// Makes the running statistics those of the training photos.
  func renewStatistics(of weights: FlatStore) throws {
    try statistics.run(weights, frozen: experiment.fineTuning.frozenInAllEpochs)
  }
}
