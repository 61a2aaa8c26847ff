import Checkpoints
package import Datasets
package import Evaluation
package import MPI
import NeuralNetworks
import Tensors
import Training

/// One `tutti evaluate`: the scores of a saved model, the same for any number of ranks.
package struct EvaluationRun {
  /// The folder of the checkpoint that was scored.
  package let checkpoint: String
  package let scores: Scores

  /// Scores the photos of a split as the run's recipe makes it, or other photos: their split of that
  /// name if they bring any, else all of them. Collective; throws on all ranks if on one, until
  /// photos are decoded. Only rank 0 looks into the run's folder.
  ///
  /// - Parameters:
  ///   - path: a run's folder or a checkpoint.
  ///   - data: other photos than the run's, of the same classes.
  ///   - settings: of the run's recipe, as `KEY=VALUE`.
  package init(
    world: World, model path: String, split: Split, data: String?, settings: [String]
  ) throws {
    let communicator = world.communicator
    let isFirst = communicator.rank == 0
    let saved = try communicator.agree(isShared: true) {
      isFirst ? try SavedModel(path: path) : nil
    }
    checkpoint = try communicator.broadcast(saved?.checkpoint.path ?? "", from: 0)
    let recipeText = try communicator.broadcast(saved?.recipe ?? "", from: 0)
    let state = try communicator.broadcast(
      saved?.checkpoint.state ?? TrainingState(recipeDigest: "", dataDigest: ""), from: 0)
    var experiment = try communicator.agree {
      // The threads that the training had are no guide to the ranks of today.
      let threads = ["training.threads=auto", "data.loader-threads=auto"]
      let recipe = try Recipe(
        text: recipeText, name: saved?.recipePath ?? "\(path)/recipe.yaml",
        overrides: threads + (data.map { ["data.path=\($0)"] } ?? []) + settings)
      let experiment = try Experiment(recipe)
      guard state.classes == experiment.dataset.classes else {
        throw RunError.classes(
          model: state.classes, data: experiment.dataset.classes, path: recipe.data.path)
      }
      return experiment
    }
    try experiment.check(over: communicator)
    try experiment.leaveOutCorrupt(over: world)
    let samples = try communicator.agree {
      guard data != nil || state.dataDigest == experiment.dataDigest else {
        throw RunError.dataChanged(path: path)
      }
      return try experiment.samples(of: split, all: data != nil)
    }
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: experiment.recipe.training.threads)
    let weights = FlatStore.weights(experiment.model.layout)
    try communicator.agree(isShared: true) { try saved?.checkpoint.readWeights(into: weights) }
    try communicator.broadcast(weights.pointer, count: weights.count, from: 0)
    let pass = EvaluationPass(
      network: experiment.model.network, dataset: experiment.dataset,
      pipeline: experiment.pipeline, microBatch: experiment.recipe.evaluation.microBatch,
      loaderThreads: experiment.recipe.data.loaderThreads ?? cores.threads,
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
    scores = try pass.run(samples, weights: weights)
  }
}

extension Experiment {
  /// The photos to score; `all` takes everything where the data bring no splits of their own.
  fileprivate func samples(of split: Split, all: Bool) throws -> [Int] {
    if all && dataset.samples.allSatisfy({ $0.split == nil }) {
      return dataset.samples.indices.filter { !leftOut.contains($0) }
    }
    let samples = try makeSplits()[split]
    guard !samples.isEmpty else { throw RunError.emptySplit(split.rawValue) }
    return samples
  }
}
