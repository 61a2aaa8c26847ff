package import Recipes

/// The trials of a search: which settings each has. Trial 0 is the recipe as it is.
package struct TuneTrials: Sendable {
  /// The recipe that all are changes of, as it was asked for: what its weights settle is settled for each trial.
  let base: Recipe
  package let space: SearchSpace
  let method: TuneRequest.Method
  let seed: Int
  let gridPoints: Int
  /// The epochs after which trials are compared.
  package let rungs: [Int]

  /// Of each key; nil for the recipe as it is.
  func drawn(_ trial: Int) -> [String]? {
    if trial == 0 { return nil }
    return method == .grid
      ? space.values(ofGridPoint: trial - 1, points: gridPoints)
      : space.values(ofTrial: trial, seed: seed)
  }

  func recipe(of trial: Int) throws(RecipeError) -> Recipe {
    guard let values = drawn(trial) else { return base }
    return try base.with(space.settings(values))
  }

  /// What a table shows of a trial: empty for a key of a rule that it didn't choose.
  func values(of trial: Int) -> [String] {
    let recipe = try? recipe(of: trial)
    let drawn = drawn(trial)
    return space.entries.enumerated().map { place, entry in
      guard let recipe else { return drawn?[place] ?? "" }
      guard let setting = recipe[entry.key] else { return "" }
      return drawn?[place] ?? setting.value
    }
  }
}
