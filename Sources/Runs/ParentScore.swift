package import Checkpoints
package import Evaluation
import Files
package import Recipes

/// What the run had scored whose weights another began with (`model.weights`).
package struct ParentScore: Sendable {
  /// As the recipe names it.
  package let path: String
  package let metric: Metric
  package let best: Double
  /// The best value that came of it; nil where it can't be compared, being another metric's or of other
  /// photos, or where there is none yet.
  private let child: Double?

  /// Whether training has made worse of it.
  package var isBetter: Bool { child.map { metric.prefers(best, to: $0) } ?? false }

  /// Nil where the weights are no run's that can be read and has a best epoch.
  ///
  /// - Parameters:
  ///   - recipe: of the run that began with the weights.
  ///   - state: of that run.
  package init?(of recipe: Recipe, _ state: TrainingState) {
    guard let path = recipe.model.weights, !path.endsExactly(with: "@last") else { return nil }
    let folder = RunFolder(path: path)
    guard folder.holdsRun, let parent = try? Recipe(path: folder.recipe, isSaved: true),
      let found = try? folder.newestState(), let best = found.best
    else { return nil }
    self.path = path
    self.best = best.value
    metric = parent.training.selectBy
    let isSame =
      parent.training.selectBy == recipe.training.selectBy && found.dataDigest == state.dataDigest
      && Self.keysOfPhotos.allSatisfy { parent[$0]?.value == recipe[$0]?.value }
      // A probe's score is that of its folds' photos.
      && !folder.holdsProbe
    child = isSame ? state.best?.value : nil
  }

  /// What decides which photos validate.
  private static let keysOfPhotos = [
    "data.validation", "data.test", "data.split-seed", "data.group-by", "crossval.fold",
    "crossval.folds", "crossval.seed", "crossval.validation",
  ]
}
