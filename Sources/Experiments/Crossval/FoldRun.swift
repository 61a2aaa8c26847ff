import Checkpoints
import DataParallel
import Datasets
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
  let work: CrossvalFold
  let turn: TeamDesk.Turn
  let desk: TeamDesk
  let status: RankStatus
  private var communicator: Communicator { turn.communicator }

  private enum Outcome {
    case finished(FoldResult)
    /// After the checkpoint of this step, which isn't the last.
    case paused(step: Int)
  }

  /// Trains a fold until it is done, stopped, or at the end of an epoch others wait to join.
  ///
  /// - Returns: how it goes on, with those; nil when it is done, or stopped.
  static func run(
    _ work: CrossvalFold, _ turn: TeamDesk.Turn, _ desk: TeamDesk, _ status: RankStatus,
    observers: (CrossvalFold, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (CrossvalFold, FoldNews) -> Void, isAskedToStop: () -> Bool
  ) throws -> TeamDesk.Turn? {
    status.part = work.label
    let fold = FoldRun(work: work, turn: turn, desk: desk, status: status)
    let outcome = try fold.train(
      observers: { try observers(work, $0) }, tell: { tell(work, $0) },
      isAskedToStop: isAskedToStop)
    // After an error they stay, for its line.
    status.step = nil
    status.part = nil
    switch outcome {
    case .finished(let result):
      if turn.communicator.isFirst {
        tell(work, .heldOut(result.scores))
        try desk.isDone(turn)
      }
      return nil
    case .paused(let step): return try desk.pause(turn, at: step)
    }
  }

  /// Begins or goes on, and holds the fold's folder meanwhile.
  private func train(
    observers: (TrainingRun.Setup) throws -> [any TrainingObserver], tell: (FoldNews) -> Void,
    isAskedToStop: () -> Bool
  ) throws -> Outcome {
    let checked = work.member.checked
    let holding = try communicator.agree {
      try checked.experiment.holdingOut(fold: work.fold, of: work.member.pool.count)
    }
    try communicator.onFirst {
      if let step = turn.step { try work.folder.awaitCheckpoint(ofStep: step) }
    }
    let training = try TrainingRun.prepare(
      checked.with(holding), folder: work.folder,
      request: RunRequest(folder: work.folder.path, resumes: true, fork: nil),
      over: communicator, status, observers: observers)
    // The folder is this process's until the result is in it.
    defer { withExtendedLifetime(training) {} }
    if communicator.isFirst {
      for text in training.rejected { tell(.note("passed over a checkpoint: \(text)")) }
      for text in training.changed { tell(.note("\(text); results stay the same")) }
    }
    let outcome = try training.trainer.run(
      serving: desk.serve,
      pausing: { try communicator.isFirst && desk.hasEndedEpoch(turn, epochsLeft: $0) },
      isAskedToStop: isAskedToStop)
    guard outcome == .finished else { return .paused(step: training.trainer.state.step) }
    if communicator.isFirst { try desk.isFinishing(turn) }
    return .finished(try predict(training))
  }

  /// Predicts the photos that the fold holds out, and writes its result.
  private func predict(_ training: TrainingRun) throws -> FoldResult {
    let weights = training.trainer.weights
    let folder = work.folder
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
      of: work.member.pool.indices(in: work.fold), by: views, pipelines.pipelines,
      averaging: experiment.recipe.evaluation.averaging, serving: desk.serve)
    let result = FoldResult(
      fold: work.fold, steps: training.trainer.state.step,
      isStoppedEarly: training.trainer.state.isStoppedEarly, scores: predictions.scores)
    try communicator.onFirst {
      let text = OutOfFold.text(
        predictions.averaged, fold: work.fold, dataset: experiment.dataset)
      try FileWriting.makeFolder(folder.predictions)
      try FileWriting.replace(folder.heldOut, with: Array(text.utf8))
      try result.write(to: folder)
    }
    return result
  }
}
