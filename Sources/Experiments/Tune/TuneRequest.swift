package import Recipes

/// Which search is asked for, and where.
package struct TuneRequest {
  package enum Method: String, CaseIterable, Sendable {
    /// Asynchronous successive halving, see `TuneSchedule`.
    case asha
    /// All drawn trials are trained to the end.
    case random
    /// All choices, and points of each range, are trained to the end.
    case grid
  }

  /// Nil for a new folder below `runs`.
  package var path: String?
  /// What such a folder is called after.
  package var name: String
  /// Goes on where the folder holds something.
  package var resumes = false
  package var method = Method.asha
  /// How many, the recipe as it is among them.
  package var trials = 40
  package var seed = 0
  package var reduction = 3
  /// Of the first rung; nil for 1/η² of all epochs.
  package var leastEpochs: Int?
  package var gridPoints = 3
  /// Jobs under way at most: results depend on it, and on nothing else that is about speed.
  package var atOnce = 4
  /// Of ranks; nil for the number that is expected to be done first.
  package var teams: Int?
  /// No job begins after so many seconds; nil for no limit.
  package var seconds: Double?
  /// Makes the recipe, given the one that is saved, where the search goes on.
  package var makeRecipe: (SavedRecipe?) throws -> Recipe
  /// The file of the search space; nil where the search goes on with its own.
  package var space: String?

  package init(
    path: String?, name: String, makeRecipe: @escaping (SavedRecipe?) throws -> Recipe
  ) {
    self.path = path
    self.name = name
    self.makeRecipe = makeRecipe
  }

  /// The epochs after which trials are compared.
  package func rungs(of recipe: Recipe) -> [Int] {
    let epochs = recipe.training.epochs
    guard method == .asha else { return [epochs] }
    return TuneSchedule.rungs(
      epochs: epochs, reduction: reduction,
      least: leastEpochs ?? max(1, epochs / (reduction * reduction)))
  }
}
