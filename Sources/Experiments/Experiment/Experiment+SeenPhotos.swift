import Checkpoints
import Datasets

// What the first weights were trained on, when they are those of a run or probe.

extension Experiment {
  /// Throws when the first weights are of a run on these very photos; to be called on rank 0.
  func checkWeightsAreUnaware() throws {
    guard let weights = recipe.model.weights, try modelOfThesePhotos(weights) != nil else { return }
    throw CrossvalError.weightsHaveSeen(weights)
  }

  /// How many of the photos that validate or test here the first weights were trained on, be it a run
  /// or a probe; to be called on rank 0.
  func photosSeenByWeights() throws -> Int {
    guard let weights = recipe.model.weights, let model = try modelOfThesePhotos(weights)
    else { return 0 }
    let recipe = try Recipe(text: model.recipe, name: model.recipePath)
    let splits = try makeSplits()
    return Set(try reading(recipe).makeSplits().train)
      .intersection(splits.validation + splits.test).count
  }

  /// The run's or checkpoint's model, if it is of the same list of photos; files of weights don't tell
  /// what they were trained on.
  private func modelOfThesePhotos(_ weights: String) throws -> SavedModel? {
    if PretrainedFile.isFile(weights) { return nil }
    let model = try SavedModel(path: weights)
    return model.checkpoint.state.dataDigest == dataDigest ? model : nil
  }
}
