import DataParallel
import Datasets
import Evaluation
import Images
import Inference
import MPI
import NeuralNetworks
import Recipes
import Runs
import Tensors

extension EnsemblePass {
  /// Puts the models' weights on every rank. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - experiments: of each model, on the same photos.
  ///   - comparesPlain: also tells what the plain views say, where there are others; heat maps need them.
  init(
    _ models: [SharedModel], _ experiments: [Experiment], comparesPlain: Bool, world: World
  ) throws {
    let communicator = world.communicator
    let first = experiments[0]
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: first.recipe.training.threads)
    let (averaging, views, pipelines) = try communicator.agree {
      var pipelines = ViewPipelines(comparesPlain: comparesPlain)
      let views = try experiments.map { try pipelines.views(of: $0) }
      return (try SharedModel.averaging(of: models), views, pipelines.pipelines)
    }
    let members = try models.indices.map { index in
      let model = experiments[index].model
      return Member(
        network: model.network, weights: try models[index].weights(of: model, over: communicator),
        views: views[index], preparesWeights: models.count == 1)
    }
    self.init(
      members, pipelines: pipelines, averaging: averaging, dataset: first.dataset,
      thresholds: first.thresholds,
      // All share the batches, so they must suit the one whose recipe has the smallest.
      microBatch: experiments.map(\.recipe.evaluation.microBatch).min() ?? 1,
      loaderThreads: first.recipe.data.loaderThreads(beside: cores.threads),
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
  }
}

extension SharedModel {
  /// How views and models are averaged. All must agree in that, and in how the photos are decoded.
  fileprivate static func averaging(of models: [SharedModel]) throws -> Averaging {
    let first = models[0].recipe
    for model in models {
      let recipe = model.recipe
      func refuse(_ key: String) -> RunError {
        .settingsDiffer(
          models[0].path, first[key]?.value ?? "", model.path, recipe[key]?.value ?? "", key: key)
      }
      if recipe.evaluation.averaging != first.evaluation.averaging {
        throw refuse("evaluation.average")
      }
      for key in ["data.labels", "evaluation.threshold", "evaluation.thresholds"]
      where recipe[key]?.value != first[key]?.value { throw refuse(key) }
      if !recipe.data.decoding.background.isSame(as: first.data.decoding.background) {
        throw refuse("data.background")
      }
    }
    if models.count == 1, first.views.isEmpty, try models[0].hasChanged("evaluation.average") {
      throw first.error(
        at: "evaluation.average",
        "`evaluation.average` has nothing to average, since one model looks at each photo once; leave it "
          + "out, or ask for views with --tta")
    }
    return first.evaluation.averaging
  }
}
