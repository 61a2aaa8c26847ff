import Checkpoints
import DataParallel
import MPI
import NeuralNetworks
import Pretrained
import Recipes
import Runs
import Tensors

/// A trained model as all ranks know it. Rank 0 alone looks into folders, and hands on what it finds.
struct SharedModel {
  /// The folder of its checkpoint, or its file.
  let path: String
  let recipe: Recipe
  /// SHA-256 of its weights.
  let digest: String
  let state: TrainingState
  /// Of the images that it was trained on.
  let channels: Int
  /// One of a cross-validation's models, all of which were asked for.
  let isOneOfFolds: Bool
  /// What it was trained by, without today's settings.
  let trained: SavedRecipe
  /// What is to be known of a file.
  private let fileNotes: [String]
  /// What is to be said of its recipe; nil for nothing.
  private let recipeNote: String?
  /// On rank 0.
  let found: ModelOnDisk?

  /// Finds the models that the paths mean. Collective; throws on all ranks if on one.
  ///
  /// - Parameter settings: of the models' recipes, as `KEY=VALUE`.
  static func find(
    _ paths: [String], settings: [String], over communicator: Communicator
  ) throws -> [SharedModel] {
    try sharing(
      communicator.onFirst {
        try paths.flatMap { try ModelOnDisk.all(at: $0, settings: settings) }
      }, settings: settings, over: communicator)
  }

  /// Tells all ranks of models that rank 0 has found. Collective; throws on all ranks if on one.
  static func sharing(
    _ found: [ModelOnDisk]?, settings: [String], over communicator: Communicator
  ) throws -> [SharedModel] {
    let known = try communicator.share { found?.map(\.summary) ?? [] }
    let models = try known.enumerated().map { index, model in
      SharedModel(
        path: model.path,
        recipe: try communicator.agree {
          // The threads that the training had are no guide to the ranks of today, and its sizes none to the
          // photos that a model is asked about.
          let own = [
            "training.threads=auto", "data.loader-threads=auto", "resize-schedule=none",
          ]
          let recipe = try Recipe(model.recipe, overrides: own + settings)
          try recipe.checkUse(ofChangesTo: Recipe(model.recipe, overrides: own))
          return recipe
        },
        digest: model.digest, state: model.state, channels: model.channels,
        isOneOfFolds: model.isOneOfFolds,
        trained: model.recipe, fileNotes: model.notes, recipeNote: model.recipeNote,
        found: found?[index])
    }
    try communicator.agree(isShared: true) {
      for model in models where model.state.classes != models[0].state.classes {
        throw RunError.classesDiffer(
          models[0].path, models[0].state.classes, model.path, model.state.classes)
      }
    }
    return models
  }

  /// Whether a key of its recipe is set otherwise than it was trained with.
  func hasChanged(_ key: String) throws(RecipeError) -> Bool {
    try Recipe(trained)[key]?.effect != recipe[key]?.effect
  }

  /// Throws where a photo may have no label anyway.
  func checkMayReject() throws(RunError) {
    if recipe.data.hasSeveralLabels { throw .rejectsOfSeveralLabels(path) }
  }

  /// What is to be known of it.
  var notes: [String] { fileNotes + [recipeNote, epochNote].compactMap(\.self) }

  /// What is to be known of a run that was evaluated before an epoch of it was; nil where there is
  /// a best epoch, or none is chosen.
  private var epochNote: String? {
    let choosesNone = recipe.crossval.fold != nil && recipe.crossval.select == .last
    guard fileNotes.isEmpty, state.best == nil, !choosesNone else { return nil }
    return "no epoch of this run has been validated yet: \(path) is its newest checkpoint, not its "
      + "best"
  }

  /// The experiment that it was trained by, as long as its photos are there as they were; photos that were
  /// left out are found again. Collective.
  func training(over world: World) throws -> Experiment? {
    guard state.step > 0,
      var own = try? Experiment(Recipe(trained), over: world.communicator)
    else { return nil }
    try own.leaveOutCorrupt(over: world)
    return own.dataDigest == state.dataDigest ? own : nil
  }

  /// Its weights, on every rank. Collective.
  func weights(of model: Model, over communicator: Communicator) throws -> FlatStore {
    let own = try communicator.onFirst { try found?.read(recipe.average.deciding, into: model) }
    let weights = own ?? FlatStore.weights(model.layout)
    try communicator.broadcast(weights)
    return weights
  }
}

extension Recipe {
  /// Throws where a setting changes what only a training would ask for.
  fileprivate func checkUse(ofChangesTo trained: Recipe) throws(RecipeError) {
    let idle = [
      "model.weights", "model.loading", "model.averaged", "model.dropout", "model.stochastic-depth",
      "data.labels",
      "data.sampling",
      "data.repeats", "data.stage", "resize-schedule", "mixing.", "training.", "optimizer.",
      "average.name", "average.decay", "average.warmup", "average.from-epoch", "fine-tuning.",
      "schedule.", "plateau.", "early-stopping.", "loss.", "checkpoint.",
    ]
    let change = Recipe.differences(old: trained, new: self).first { change in
      change.key != "training.threads" && idle.contains { change.key.hasPrefix($0) }
    }
    if let change {
      throw error(at: change.key, "`\(change.key)` has no effect on a trained model; leave it out")
    }
  }
}
