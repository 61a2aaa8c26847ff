import Checkpoints
import Datasets
import Interchange
import MPI
import NeuralNetworks
import Tensors
import Training

/// A trained model as all ranks know it. Rank 0 alone looks into folders, and hands on what it finds.
struct SharedModel {
  /// The folder of its checkpoint, or its file.
  let path: String
  let recipe: Recipe
  let state: TrainingState
  /// Of the images that it was trained on.
  let channels: Int
  /// One of a cross-validation's models, all of which were asked for.
  let isOneOfFolds: Bool
  /// On rank 0.
  let found: FoundModel?

  /// Finds the models that the paths mean. Collective; throws on all ranks if on one.
  ///
  /// - Parameter settings: of the models' recipes, as `KEY=VALUE`.
  static func find(
    _ paths: [String], settings: [String], over communicator: Communicator
  ) throws -> [SharedModel] {
    let isFirst = communicator.rank == 0
    let found = try communicator.agree(isShared: true) {
      isFirst ? try paths.flatMap(FoundModel.all) : []
    }
    let count = try communicator.broadcast([Int64(found.count)], from: 0)[0]
    let models = try (0..<Int(count)).map { index in
      let own = isFirst ? found[index] : nil
      let numbers = try communicator.broadcast(
        [Int64(own?.channels ?? 0), own?.isOneOfFolds == true ? 1 : 0], from: 0)
      let text = try communicator.broadcast(own?.recipe ?? "", from: 0)
      let name = try communicator.broadcast(own?.recipePath ?? "", from: 0)
      return SharedModel(
        path: try communicator.broadcast(own?.path ?? "", from: 0),
        recipe: try communicator.agree {
          // The threads that the training had are no guide to the ranks of today.
          let threads = ["training.threads=auto", "data.loader-threads=auto"]
          return try Recipe(text: text, name: name, overrides: threads + settings)
        },
        state: try communicator.broadcast(
          own?.state ?? TrainingState(recipeDigest: "", dataDigest: ""), from: 0),
        channels: Int(numbers[0]), isOneOfFolds: numbers[1] == 1, found: own)
    }
    try communicator.agree(isShared: true) {
      for model in models where model.state.classes != models[0].state.classes {
        throw RunError.classesDiffer(
          models[0].path, models[0].state.classes, model.path, model.state.classes)
      }
    }
    return models
  }

  /// What is to be known of a run that was evaluated before an epoch of it was; nil where there is
  /// a best epoch, or none is chosen.
  var note: String? {
    let choosesNone = recipe.crossval.fold != nil && recipe.crossval.select == .last
    if let fileNote { return fileNote }
    guard state.best == nil, !choosesNone else { return nil }
    return "no epoch of this run has been validated yet: \(path) is its newest checkpoint, not its "
      + "best"
  }

  /// What a file of somebody else's was taken for; such a one has no steps.
  private var fileNote: String? {
    guard state.step == 0 else { return nil }
    return
      "\(path) is taken for \(recipe.model.name), with \(state.classes.count) numbered classes, for "
      + "photos of \(recipe.model.imageSize) pixels: \(Preparation(of: recipe).description)"
  }

  /// Its weights, on every rank. Collective.
  func weights(of model: Model, over communicator: Communicator) throws -> FlatStore {
    let weights = try communicator.agree(isShared: true) {
      try found?.read(into: model) ?? FlatStore.weights(model.layout)
    }
    try communicator.broadcast(weights.pointer, count: weights.count, from: 0)
    return weights
  }
}

extension EnsemblePass {
  /// Puts the models' weights on every rank. Collective; throws on all ranks if on one.
  ///
  /// - Parameter experiments: of each model, on the same photos.
  init(_ models: [SharedModel], _ experiments: [Experiment], world: World) throws {
    let communicator = world.communicator
    let first = experiments[0]
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: first.recipe.training.threads)
    var steps: [[AugmentStep]] = []
    var pipelines: [Pipeline] = []
    let members = try zip(models, experiments).map { model, experiment in
      let place = steps.firstIndex(of: experiment.evaluationSteps) ?? steps.count
      if place == steps.count {
        steps.append(experiment.evaluationSteps)
        pipelines.append(experiment.pipeline)
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
  fileprivate var evaluationSteps: [AugmentStep] {
    recipe.augment.filter { !$0.transform(channels: dataset.channels).isRandom }
  }
}
