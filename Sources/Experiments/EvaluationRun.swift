import Checkpoints
import DataParallel
package import Datasets
package import Evaluation
package import MPI
import NeuralNetworks
import Tensors
import Training

/// One `tutti evaluate`: the scores of a saved model on a split, the same for any number of ranks.
package struct EvaluationRun {
  package let checkpoint: String
  package let scores: Scores

  /// Collective; throws on all ranks if on one, until the photos are read.
  ///
  /// - Parameters:
  ///   - model: a run's folder or a checkpoint.
  ///   - overrides: of the run's recipe, as `KEY=VALUE`.
  package init(world: World, model path: String, split: Split, overrides: [String]) throws {
    let communicator = world.communicator
    let (saved, experiment) = try communicator.agree {
      let saved = try SavedModel(path: path)
      let experiment = try Experiment(Recipe(path: saved.recipe, overrides: overrides))
      let classes = saved.checkpoint.state.classes
      guard classes == experiment.dataset.classes else {
        throw RunError.classes(
          model: classes, data: experiment.dataset.classes, path: experiment.recipe.data.path)
      }
      guard !experiment.splits[split].isEmpty else { throw RunError.emptySplit(split.rawValue) }
      return (saved, experiment)
    }
    try communicator.agree { try experiment.fingerprint().compare(over: communicator) }
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    let weights = FlatStore.weights(experiment.model.layout)
    try communicator.agree { try saved.checkpoint.readWeights(into: weights) }
    let pass = EvaluationPass(
      network: experiment.model.network, dataset: experiment.dataset,
      pipeline: experiment.pipeline, microBatch: experiment.recipe.evaluation.microBatch,
      loaderThreads: experiment.recipe.data.loaderThreads ?? cores.threads,
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
    scores = try pass.run(experiment.splits[split], weights: weights)
    checkpoint = saved.checkpoint.path
  }
}
