import Checkpoints
import Datasets
import Interchange
import MPI
import NeuralNetworks
import Tensors
import Training

/// A trained model as all ranks know it. Rank 0 alone looks into folders, and hands on what it finds.
struct SharedModel {
  /// The folder of its checkpoint.
  let path: String
  let recipe: Recipe
  let state: TrainingState
  /// Of the images that it was trained on.
  let channels: Int
  /// One of a cross-validation's models, all of which were asked for.
  let isOneOfFolds: Bool
  /// On rank 0.
  let checkpoint: Checkpoint?

  /// Finds the models that the paths mean. Collective; throws on all ranks if on one.
  ///
  /// - Parameter settings: of the models' recipes, as `KEY=VALUE`.
  static func find(
    _ paths: [String], settings: [String], over communicator: Communicator
  ) throws -> [SharedModel] {
    let isFirst = communicator.rank == 0
    let saved = try communicator.agree(isShared: true) {
      isFirst
        ? try paths.flatMap { path in
          let (models, areFolds) = try SavedModel.all(at: path)
          return try models.map { ($0, channels: try $0.checkpoint.channels(), areFolds) }
        } : []
    }
    let count = try communicator.broadcast([Int64(saved.count)], from: 0)[0]
    let models = try (0..<Int(count)).map { index in
      let (own, channels, areFolds) = isFirst ? saved[index] : (nil, 0, false)
      let numbers = try communicator.broadcast([Int64(channels), areFolds ? 1 : 0], from: 0)
      let text = try communicator.broadcast(own?.recipe ?? "", from: 0)
      let name = try communicator.broadcast(own?.recipePath ?? "", from: 0)
      return SharedModel(
        path: try communicator.broadcast(own?.checkpoint.path ?? "", from: 0),
        recipe: try communicator.agree {
          // The threads that the training had are no guide to the ranks of today.
          let threads = ["training.threads=auto", "data.loader-threads=auto"]
          return try Recipe(text: text, name: name, overrides: threads + settings)
        },
        state: try communicator.broadcast(
          own?.checkpoint.state ?? TrainingState(recipeDigest: "", dataDigest: ""), from: 0),
        channels: Int(numbers[0]), isOneOfFolds: numbers[1] == 1, checkpoint: own?.checkpoint)
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
    guard state.best == nil, !choosesNone else { return nil }
    return "no epoch of this run has been validated yet: \(path) is its newest checkpoint, not its "
      + "best"
  }

  /// Its weights, on every rank. Collective.
  func weights(_ layout: FlatLayout, over communicator: Communicator) throws -> FlatStore {
    let weights = FlatStore.weights(layout)
    try communicator.agree(isShared: true) { try checkpoint?.readWeights(into: weights) }
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
        weights: try model.weights(experiment.model.layout, over: communicator), pipeline: place)
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

extension Checkpoint {
  /// Of the images that the model takes: the inputs of its first convolution.
  fileprivate func channels() throws -> Int {
    let filters = try open(Self.model).entries.first { $0.shape.extents.count == 4 }
    return filters?.shape[1] ?? 0
  }
}
