import Datasets
import Evaluation
import Recipes

// Whether the photos give the metrics a value that the recipe decides by.
extension Experiment {
  /// - Throws: `RecipeError`.
  func checkMetrics() throws {
    for (key, metric) in recipe.metricsAsked where !metric.applies(to: dataset.classes) {
      throw recipe.error(
        at: key,
        "`\(metric.name)` has no meaning for these \(dataset.classes.count) classes: top-k accuracies are of more than "
          + "k, polarity and the wheel's distance of Mikels' eight emotions; take `macro-f1`")
    }
  }

  /// After an epoch, the probabilities of that many photos are to be brought together.
  ///
  /// - Throws: `RecipeError`.
  func checkMetrics(validating photos: Int) throws {
    let numbers = photos * dataset.classes.count
    if recipe.data.hasSeveralLabels || numbers <= Metric.mostProbabilities { return }
    for (key, metric) in recipe.metricsAsked where metric.needsProbabilities {
      throw recipe.error(
        at: key,
        "`\(metric.name)` takes all probabilities of the \(photos) validation photos, \(numbers) numbers after each "
          + "epoch, and no more than \(Metric.mostProbabilities) are brought together; take another metric, such as "
          + "`macro-f1`, or validate by fewer photos")
    }
  }
}
