import Datasets
import Files
import Recipes

extension Experiment {
  /// How many photos were left out, why, and what names them; nil when there are none.
  package var leftOutText: String? {
    guard !leftOut.isEmpty else { return nil }
    return "\(leftOut.count) of \(dataset.samples.count) photos, which can't be decoded; "
      + "tutti data inspect \(Paths.shellQuoted(recipe.data.path)) names them"
  }
}
