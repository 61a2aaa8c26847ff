import Checkpoints
import Datasets
import Evaluation
import MPI
import Tensors
import Training

/// One fold of a cross-validation: a training without the fold's photos, then their predictions.
/// Collective over a team.
struct FoldRun {
  private let fold: Int
  private let heldOut: [Int]
  private let folder: RunFolder
  private let training: TrainingRun
  private let communicator: Communicator

  /// Begins or goes on.
  ///
  /// - Parameter sound: the experiment that holds out this fold.
  init(
    _ fold: Int, holdingOut heldOut: [Int], of sound: SoundExperiment, in folder: RunFolder,
    over communicator: Communicator, _ situation: Situation,
    observers: (TrainingRun.Setup) throws -> [any TrainingObserver]
  ) throws {
    self.fold = fold
    self.heldOut = heldOut
    self.folder = folder
    self.communicator = communicator
    training = try TrainingRun(
      sound, folder: folder, request: RunRequest(folder: folder.path, resumes: true, fork: nil),
      over: communicator, situation, observers: observers)
  }

  /// What is to be told of how the training goes on.
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
    guard try training.trainer.run(serving: serve, isAskedToStop: isAskedToStop) == .finished else {
      return nil
    }
    let weights = training.trainer.weights
    // The trainer has the last weights; those of the best epoch are on the disk.
    try communicator.agree(isShared: true) {
      if communicator.rank == 0 {
        try SavedModel(path: folder.path).checkpoint.readWeights(into: weights)
      }
    }
    try communicator.broadcast(weights.pointer, count: weights.count, from: 0)
    let predictions = try training.trainer.predictions(of: heldOut, serving: serve)
    let result = FoldResult(
      fold: fold, steps: training.trainer.state.step, scores: predictions.scores)
    try communicator.agree(isShared: true) {
      guard communicator.rank == 0 else { return }
      let text = OutOfFold.text(predictions, fold: fold, dataset: training.setup.experiment.dataset)
      try FileWriting.makeFolder(folder.predictions)
      try FileWriting.replace(folder.heldOut, with: Array(text.utf8))
      try result.write(to: folder)
    }
    return result
  }
}
