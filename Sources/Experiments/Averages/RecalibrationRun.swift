import Checkpoints
import DataParallel
import Datasets
import Files
import Images
package import MPI
import NeuralNetworks
import Pretrained
import Recipes
package import Runs
import Tensors
import Training

/// One `tutti recalibrate`: a trained model with the running statistics of other photos, of which no labels are
/// needed; the same bits for any number of ranks. Li et al., "Revisiting batch normalization for practical
/// domain adaptation", 2017.
package struct RecalibrationRun {
  package let folder: RunFolder
  /// The checkpoint that it was made of.
  package let model: String
  /// Photos that the statistics are of.
  package let photos: Int
  /// Batch norms whose statistics are new.
  package let norms: Int
  /// What is to be known of the model.
  package let notes: [String]

  /// Collective; throws on all ranks if on one, until photos are decoded. Only rank 0 looks into folders.
  ///
  /// - Parameters:
  ///   - path: a run, a checkpoint or a file of weights.
  ///   - data: photos, folders of them and patterns of either; or a pack.
  ///   - photos: the most that are looked at.
  ///   - folder: the new folder; nil for a new one below `runs`.
  package static func run(
    world: World, model path: String, data: [String], atMost photos: Int, folder: String?,
    settings: [String]
  ) throws -> RecalibrationRun {
    let communicator = world.communicator
    let models = try SharedModel.find([path], settings: settings, over: communicator)
    let model = models[0]
    try communicator.agree(isShared: true) {
      if models.count > 1 { throw RunError.severalModels(path) }
      if model.channels != 3 { throw RunError.grey(model.path) }
    }
    let dataset = try Dataset.unlabelled(at: data, model.state.classes, over: communicator)
    let experiment = try communicator.agree { try Experiment(model.recipe, dataset: dataset) }
    let layout = experiment.model.layout
    try communicator.agree(isShared: true) {
      if layout.statistics.isEmpty {
        throw RecalibrationError.noStatistics(model.path, model.recipe.model.name)
      }
    }
    try experiment.compare(over: communicator)
    let cores = try Cores(
      over: communicator, topology: world.topology, wanted: model.recipe.training.threads)
    let weights = try model.weights(of: experiment.model, over: communicator)
    try communicator.agree(isShared: true) {
      if min(dataset.samples.count, photos) < 2 { throw RecalibrationError.onePhoto }
    }
    let pass = try StatisticsPass(
      experiment.model, dataset, samples: Array(dataset.samples.indices), atMost: photos,
      by: experiment.evaluationPipeline, microBatch: model.recipe.training.microBatch,
      seed: UInt64(model.recipe.training.seed),
      loaderThreads: model.recipe.data.loaderThreads(beside: cores.threads),
      communicator: communicator,
      pool: ThreadPool(threads: cores.threads))
    return try RunFolder.reserved(folder, named: "recalibrated", over: communicator) { folder in
      try pass.run(weights)
      // Without a best value: that was other statistics'.
      try communicator.onFirst {
        try folder.write(
          weights, like: model, best: nil,
          ModelOrigin(.recalibration, of: [model.path], photos: pass.photos))
      }
      return RecalibrationRun(
        folder: folder, model: model.path, photos: pass.photos,
        norms: layout.entries.count { $0.kind == .statistic } / 2, notes: model.notes)
    }
  }
}

/// Why a model can't be recalibrated.
package enum RecalibrationError: UnusableInput, Equatable, CustomStringConvertible {
  case noStatistics(String, String)
  case onePhoto

  package var description: String {
    switch self {
    case .onePhoto:
      "one photo has no variance to take; name some hundred with --data"
    case .noStatistics(let path, let net):
      "\(path) is a \(net), which has no batch normalisation and so no running statistics; there is nothing "
        + "to recalibrate"
    }
  }
}
