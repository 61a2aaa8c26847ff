import Experiments
import Optimizers
import Recipes
import Reporting

extension Experiment {
  /// What the global batch makes of the learning rate; nil where it makes nothing of it.
  var rateLine: String? {
    guard let scaling = recipe.optimizer.scaling else { return nil }
    let (batch, reference) = (recipe.training.globalBatch, scaling.referenceBatch)
    let root = scaling.form == .squareRoot ? "√" : ""
    return "rate      \(NumberText.short(recipe.peakLearningRate)) at the peak: "
      + "\(NumberText.short(recipe.optimizer.learningRate)) × \(root)(\(batch) / \(reference)), by the global batch"
  }
}
