package import Datasets
import Images
import NeuralNetworks
package import Recipes
import Tensors
import Training

extension Experiment {
  /// The steps of an epoch over so many photos that are trained on.
  ///
  /// Most nets train on any micro-batches. One with a batch norm that has one value of each photo,
  /// as in a regularised head or on a map of 1 × 1, gets two photos or more in each, for which some
  /// have three where `training.micro-batch` is 2.
  ///
  /// - Throws: when such a net would get photos one by one all the same.
  package func plan(ofPhotos count: Int) throws(RecipeError) -> StepPlan {
    func plan(least: Int) -> StepPlan {
      StepPlan(
        samples: count, globalBatch: recipe.training.globalBatch,
        microBatch: recipe.training.microBatch, leastMicroBatch: least)
    }
    let plain = plan(least: 1)
    // The net is run for the answer, so it is asked only where it matters.
    guard plain.hasSingleSamples, let layer = batchNormOfSingleValues else { return plain }
    let (key, change) =
      recipe.training.microBatch == 1
      ? ("training.micro-batch", "set it to 2 or more") : ("data.path", "give it more photos")
    guard recipe.training.microBatch > 1, count > 1 else {
      throw recipe.error(
        at: key,
        "the batch norm \(layer) has one value of each channel of a photo, of which nothing is left "
          + "where a photo is alone in its micro-batch; \(change)")
    }
    return plan(least: 2)
  }

  private var batchNormOfSingleValues: String? {
    // Maps of small photos may come to single values where those of large ones don't.
    pipelines.all.lazy.compactMap {
      model.batchNormOfSingleValues(
        input: Shape([1] + $0.shape.extents), frozen: fineTuning.frozenInAllEpochs)
    }.first
  }
}
