import Checkpoints
import DataParallel
import Evaluation
import Files
import MPI
import Pretrained
import Recipes
import Runs
import Training

/// One fold of a cross-validation: a training without the fold's photos, then their predictions.
/// Collective over a team.
struct FoldRun {
  let fold: Int
  let heldOut: [Int]
  let folder: RunFolder
  let training: TrainingRun
  let communicator: Communicator

  /// Begins or goes on.
  ///
  /// - Parameter checked: the experiment that holds out this fold.
  static func prepare(
    _ fold: Int, holdingOut heldOut: [Int], of checked: CheckedExperiment, in folder: RunFolder,
    over communicator: Communicator, _ status: RankStatus,
    observers: (TrainingRun.Setup) throws -> [any TrainingObserver]
  ) throws -> FoldRun {
    let training = try TrainingRun.prepare(
      checked, folder: folder, request: RunRequest(folder: folder.path, resumes: true, fork: nil),
      over: communicator, status, observers: observers)
    return FoldRun(
      fold: fold, heldOut: heldOut, folder: folder, training: training, communicator: communicator)
  }

  /// Notes on how the training goes on.
  var notes: [String] {
    training.rejected.map { "passed over a checkpoint: \($0)" }
      + training.changed.map { "\($0); results stay the same" }
  }

  /// Trains to the end and writes the result, or stops after a checkpoint.
  ///
  /// - Returns: the result, on every rank of the team; nil when stopped.
  func run(
    serving serve: @escaping () throws -> Void, isAskedToStop: () -> Bool
  ) throws -> FoldResult? {
    // The folder is this process's until the result is in it.
    defer { withExtendedLifetime(training) {} }
    guard try training.trainer.run(serving: serve, isAskedToStop: isAskedToStop) == .finished else {
      return nil
    }
    let weights = training.trainer.weights
    // The trainer has the last weights; those of the best epoch are on the disk.
    try communicator.onFirst {
      let model = try SavedModel(path: folder.path)
      try model.checkpoint.readWeights(model.role(), into: weights)
    }
    try communicator.broadcast(weights)
    let experiment = training.setup.experiment
    var pipelines = ViewPipelines(comparesPlain: true)
    let views = try pipelines.views(of: experiment)
    let predictions = try training.trainer.predictions(
      of: heldOut, by: views, pipelines.pipelines,
      averaging: experiment.recipe.evaluation.averaging, serving: serve)
    let result = FoldResult(
      fold: fold, steps: training.trainer.state.step,
      isStoppedEarly: training.trainer.state.isStoppedEarly, scores: predictions.scores)
    try communicator.onFirst {
      let text = OutOfFold.text(predictions.averaged, fold: fold, dataset: experiment.dataset)
      try FileWriting.makeFolder(folder.predictions)
      try FileWriting.replace(folder.heldOut, with: Array(text.utf8))
      try result.write(to: folder)
    }
    return result
  }
}
