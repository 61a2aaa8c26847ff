import DataParallel
import Datasets
import Images
import Inference
import MPI
import NeuralNetworks
import Recipes
import Tensors

extension EnsemblePass {
  /// Puts the models' weights on every rank. Collective; throws on all ranks if on one.
  ///
  /// - Parameter experiments: of each model, on the same photos.
  init(_ models: [SharedModel], _ experiments: [Experiment], world: World) throws {
    let communicator = world.communicator
    let first = experiments[0]
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: first.recipe.training.threads)
    var steps: [String] = []
    var pipelines: [Pipeline] = []
    let members = try zip(models, experiments).map { model, experiment in
      let place = steps.firstIndex(of: experiment.evaluationSteps) ?? steps.count
      if place == steps.count {
        steps.append(experiment.evaluationSteps)
        pipelines.append(experiment.evaluationPipeline)
      }
      return Member(
        network: experiment.model.network,
        weights: try model.weights(of: experiment.model, over: communicator), pipeline: place,
        preparesWeights: models.count == 1)
    }
    self.init(
      members, pipelines: pipelines, dataset: first.dataset,
      // All share the batches, so they must suit the one whose recipe has the smallest.
      microBatch: experiments.map(\.recipe.evaluation.microBatch).min() ?? 1,
      loaderThreads: first.recipe.data.loaderThreads ?? cores.threads,
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
  }
}

extension Experiment {
  /// What is done to photos that are not trained on.
  fileprivate var evaluationSteps: String { recipe.augment.withoutRandom.effect }
}
