import Images
import Recipes
import Training

extension PipelinesByEpoch {
  /// Those of a recipe, for images of perhaps one size.
  ///
  /// - Throws: `PipelineError`, and `RecipeError` for a size that the net can't look at.
  init(_ recipe: Recipe, size: ImageSize?, channels: Int) throws {
    guard let phases = recipe.resizeSchedule else {
      self.init([(0, try Pipeline(recipe.augment, size: size, channels: channels))])
      return
    }
    self.init(
      try phases.map { phase in
        (
          phase.fromEpoch,
          try Pipeline(
            recipe.augment.scaled(to: phase.size, of: recipe.model.imageSize), size: size,
            channels: channels)
        )
      })
  }
}

extension [any Transform] {
  /// The list for photos of another size: whatever makes squares makes them in proportion.
  fileprivate func scaled(to size: Int, of whole: Int) -> [any Transform] {
    map { step in
      guard var sized = step as? any SizedTransform else { return step }
      sized.ownSize = Int((Double(sized.size * size) / Double(whole)).rounded())
      return sized
    }
  }
}
