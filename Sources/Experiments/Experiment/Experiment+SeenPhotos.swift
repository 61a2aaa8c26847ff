import Checkpoints
import Datasets
import Pretrained
import Recipes
import Runs

// What the first weights were trained on, when they are those of a run or probe.

extension Experiment {
  /// Throws when the first weights are of a run on these very photos; to be called on rank 0.
  func checkWeightsAreUnaware(_ source: WeightsSource?) throws {
    guard let source, modelOfThesePhotos(source) != nil else { return }
    throw CrossvalError.weightsHaveSeen(recipe.model.weights ?? source.path)
  }

  /// How many of the photos that validate or test here the first weights were trained on, be it a run
  /// or a probe; to be called on rank 0.
  func photosSeen(by source: WeightsSource?) throws -> Int {
    guard let model = source.flatMap(modelOfThesePhotos) else { return 0 }
    return try photosSeen(by: model.recipe)
  }

  /// The same of a trained model.
  func photosSeen(by model: SharedModel) throws -> Int {
    model.state.dataDigest == dataDigest ? try photosSeen(by: model.trained) : 0
  }

  /// What is to be said of weights that were trained on so many of them.
  static func note(on weights: String, having seen: Int) -> String {
    "\(weights) was trained on \(seen) of the photos that validate or test here, so scores are too good; give both "
      + "the same data.validation, data.test and data.split-seed"
  }

  /// - Parameter recipe: of a training on the same list of photos.
  private func photosSeen(by recipe: SavedRecipe) throws -> Int {
    let splits = try makeSplits()
    return Set(try reading(Recipe(recipe)).makeSplits().train)
      .intersection(splits.validation + splits.test).count
  }

  /// The run's or checkpoint's model, if it is of the same list of photos; files of weights don't tell
  /// what they were trained on.
  private func modelOfThesePhotos(_ source: WeightsSource) -> SavedModel? {
    source.model.flatMap { $0.checkpoint.state.dataDigest == dataDigest ? $0 : nil }
  }
}
