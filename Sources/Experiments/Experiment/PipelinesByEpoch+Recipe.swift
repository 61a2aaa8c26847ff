import Images
import Recipes
import Training

extension PipelinesByEpoch {
  /// Those of a recipe, for images of perhaps one size.
  ///
  /// - Throws: `PipelineError`.
  init(_ recipe: Recipe, size: ImageSize?, channels: Int) throws {
    let epochs = recipe.resizeSchedule?.map(\.fromEpoch) ?? [0]
    self.init(
      try epochs.map { epoch in
        (epoch, try Pipeline(recipe.augment(inEpoch: epoch), size: size, channels: channels))
      })
  }
}
