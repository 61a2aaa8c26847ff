import Checkpoints
import Recipes
package import Runs
package import Tensors

extension SavedModel {
  /// The weights that are asked: those that the recipe lets decide, if the checkpoint has them. An average may
  /// begin later than its training.
  ///
  /// - Throws: `RecipeError`.
  package func role() throws -> WeightsRole {
    checkpoint.role(deciding: try Recipe(recipe).average.deciding)
  }
}
