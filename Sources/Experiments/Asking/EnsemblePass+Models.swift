import DataParallel
import Datasets
import Evaluation
import Images
import Inference
import MPI
import NeuralNetworks
import Recipes
import Tensors

extension EnsemblePass {
  /// Puts the models' weights on every rank. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - asked: whose weights are read.
  ///   - experiments: of each model, on the same photos.
  ///   - comparesPlain: also tells what the plain views say, where there are others; heat maps need them.
  init(
    _ asked: AskedModels, _ experiments: [Experiment], comparesPlain: Bool, world: World
  ) throws {
    let (communicator, models) = (world.communicator, asked.models)
    let first = experiments[0]
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: first.recipe.training.threads)
    let (averaging, viewing) = try communicator.agree {
      (try asked.averaging(), try asked.views(of: experiments, comparesPlain: comparesPlain))
    }
    let members = try models.indices.map { index in
      let model = experiments[index].model
      return Member(
        network: model.network, weights: try models[index].weights(of: model, over: communicator),
        views: viewing.views[index],
        averaging: asked.mix == nil ? nil : models[index].recipe.evaluation.averaging,
        preparesWeights: models.count == 1)
    }
    self.init(
      members, pipelines: viewing.pipelines, averaging: averaging, mix: asked.mix,
      dataset: first.dataset,
      thresholds: first.thresholds,
      // All share the batches, so they must suit the one whose recipe has the smallest.
      microBatch: experiments.map(\.recipe.evaluation.microBatch).min() ?? 1,
      loaderThreads: first.recipe.data.loaderThreads(beside: cores.threads),
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
  }
}
