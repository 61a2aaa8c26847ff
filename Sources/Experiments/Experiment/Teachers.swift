import Checkpoints
import DataParallel
import Datasets
import Evaluation
import Files
import Images
import MPI
import Models
import NeuralNetworks
import Pretrained
import Recipes
import Tensors
import Training

/// The trained models that a recipe's `loss.teacher` names.
struct Teachers {
  private let models: [SharedModel]
  /// How an ensemble's models become one teacher; nil where models were named.
  private let mix: EnsembleMix?

  /// Finds them, and notes which weights they have: with others, a run wouldn't go on as it began. Collective;
  /// throws on all ranks if on one.
  ///
  /// - Returns: with the recipe that says so; nil where it names none.
  static func find(
    of recipe: Recipe, over communicator: Communicator
  ) throws -> (recipe: Recipe, teachers: Teachers)? {
    guard let paths = recipe.loss.teacher else { return nil }
    let asked = try AskedModels.find(paths, settings: [], over: communicator)
    let models = asked.models
    return try communicator.agree {
      let digest = Digest.hex(
        of: (models.map(\.digest) + [asked.mix?.text].compactMap(\.self)).joined().utf8)
      if let noted = recipe.loss.teacherDigest, noted != digest {
        throw recipe.error(
          at: "loss.teacher",
          "the weights of \(paths.joined(separator: ", ")) have the SHA-256 \(digest.prefix(16))…, but "
            + "loss.teacher-sha256 is \(noted.prefix(16))…: put back what they were, or add --set "
            + "loss.teacher-sha256=auto to learn from these, in a new run or in a fork (--fork NEW)"
        )
      }
      return (
        try recipe.with(["loss.teacher-sha256=\(Recipe.value(digest))"]),
        Teachers(models: models, mix: asked.mix)
      )
    }
  }

  /// Throws where they can't look at the experiment's photos as its own net does, or know other classes.
  func check(_ experiment: Experiment) throws {
    for model in models {
      guard model.state.classes == experiment.dataset.classes else {
        throw refusal(
          of: model, by: experiment.recipe,
          "knows the classes \(few(model.state.classes, atMost: 20)), and the photos have "
            + few(experiment.dataset.classes, atMost: 20))
      }
      guard model.channels == experiment.dataset.channels else {
        throw refusal(
          of: model, by: experiment.recipe, "was trained on images of \(model.channels) channels")
      }
      if model.recipe.data.hasSeveralLabels {
        throw refusal(
          of: model, by: experiment.recipe,
          "was trained on several labels a photo, each asked for by itself")
      }
      let (name, side) = (model.recipe.model.name, model.recipe.model.imageSize)
      let takesOneSize = ModelCatalogue.imageSizeUnit(of: name) > 1
      let least = takesOneSize ? side : ModelCatalogue.leastImageSize(of: name)
      let most = takesOneSize ? side : .max
      for shape in experiment.pipelines.all.map(\.shape) where !(least...most).contains(shape[0]) {
        throw refusal(
          of: model, by: experiment.recipe,
          "is a \(name), which looks at photos of \(least)\(takesOneSize ? "" : " or more") pixels, and "
            + "it would get photos of \(shape[0])")
      }
    }
  }

  private func refusal(
    of model: SharedModel, by recipe: Recipe, _ problem: String
  ) -> RecipeError {
    recipe.error(at: "loss.teacher", "the teacher \(model.path) \(problem); name another")
  }

  /// A sentence for each that was trained on photos that validate or test here.
  func notes(_ experiment: Experiment) throws -> [String] {
    try models.compactMap { model in
      let count = try experiment.photosSeen(by: model)
      return count == 0 ? nil : Experiment.note(on: "the teacher \(model.path)", having: count)
    }
  }

  /// Reads their weights. Collective; throws on all ranks if on one.
  func teacher(of experiment: Experiment, over communicator: Communicator) throws -> Teacher {
    let channels = experiment.dataset.channels
    let own = experiment.recipe.normalization(channels: channels)
    return Teacher(
      try models.map { model in
        let net = try communicator.agree {
          try model.recipe.makeModel(channels: channels, classes: model.state.classes.count)
        }
        return Teacher.Member(
          network: net.network, weights: try model.weights(of: net, over: communicator),
          channels: Self.conversion(from: own, to: model.recipe.normalization(channels: channels)))
      }, by: mix, temperature: experiment.recipe.loss.temperature)
  }

  /// (x·σ + μ − μ')/σ', channel by channel; nil where both are the same.
  private static func conversion(
    from own: (mean: [Float], std: [Float]), to other: (mean: [Float], std: [Float])
  ) -> [(factor: Float, offset: Float)]? {
    if own == other { return nil }
    return own.mean.indices.map { channel in
      (
        own.std[channel] / other.std[channel],
        (own.mean[channel] - other.mean[channel]) / other.std[channel]
      )
    }
  }
}

extension Recipe {
  fileprivate func normalization(channels: Int) -> (mean: [Float], std: [Float]) {
    let step = augment.lazy.compactMap { $0 as? Normalize }.first ?? Normalize(.auto)
    return step.numbers(channels: channels)
  }
}
