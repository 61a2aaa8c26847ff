import DataParallel
import Files
import MPI
import Recipes

/// A time that not even one epoch fits into.
struct TooLittleTime: Error, UnusableInput, CustomStringConvertible {
  let limit: Double
  let needed: Double

  var isOfInput: Bool { true }

  var description: String {
    "--time-limit is \(Int(limit)) s, and one epoch would take \(Int(needed.rounded(.up))) s; give it more time, more "
      + "cores, or a smaller model.image-size"
  }
}

extension CheckedExperiment {
  /// The same with as many of the recipe's epochs as are expected to be done in time, and a note on that.
  ///
  /// - Parameters:
  ///   - seconds: of which a tenth is left for checkpoints, and for what a trial of three steps can't know.
  ///   - trial: of this experiment.
  /// - Throws: `TooLittleTime`; `RecipeError` where the recipe's durations don't suit so few epochs.
  func fitted(into seconds: Double, _ trial: Trial) throws -> (
    checked: CheckedExperiment, note: String
  ) {
    let (count, needed) = trial.epochs(within: seconds)
    guard count > 0 else { throw TooLittleTime(limit: seconds, needed: needed / 0.9) }
    let told =
      "\(count) epoch\(count == 1 ? "" : "s") are expected to take \(Int((needed / 60).rounded(.up))) min"
    if count == trial.epochs { return (self, "\(told), which is all of them") }
    let recipe = try experiment.recipe.with(["training.epochs=\(count)"])
    return (with(try experiment.reading(recipe)), "\(told); the recipe has \(trial.epochs)")
  }
}

extension Recipe {
  /// With the epochs of the run that goes on, which it was begun with for want of time.
  func keepingEpochs(of saved: SavedRecipe) throws(RecipeError) -> Recipe {
    try with(["training.epochs=\(try Recipe(saved).training.epochs)"])
  }
}
