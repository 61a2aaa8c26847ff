import Datasets
import Experiments
import Files
import Recipes

extension Experiment {
  /// What is said of photos that were left out; nil when there are none.
  var skippedLine: String? {
    guard !leftOut.isEmpty else { return nil }
    return "skipped   \(leftOut.count) of \(dataset.samples.count) photos, which can't be decoded; "
      + "tutti data inspect \(Paths.shellQuoted(recipe.data.path)) names them"
  }
}
