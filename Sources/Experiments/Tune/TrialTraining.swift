import Checkpoints
import DataParallel
import Datasets
import Evaluation
import MPI
import Recipes
import Runs
import Training

/// A job of a search: a trial's training up to a rung. Collective over a team.
struct TrialTraining {
  let search: TuneRun
  let trial: Int
  let rung: Int
  let turn: TeamDesk.Turn
  let desk: TeamDesk
  private var communicator: Communicator { turn.communicator }
  private var status: RankStatus { search.world.status }

  private enum Outcome {
    /// At the rung's end; nil where no epoch had a value.
    case scored(Double?)
    /// The trial's own fault, as all ranks say it, and as it is told besides.
    case failed(String, told: String)
    /// After the checkpoint of this step, which isn't the last.
    case paused(step: Int)
  }

  /// Trains until the rung, or until it is stopped, or at the end of an epoch others wait to join.
  ///
  /// - Returns: how it goes on, with those; nil when it is done, or stopped.
  func run(
    observers: (_ trial: Int, TrainingRun.Setup) throws -> [any TrainingObserver],
    tell: (_ trial: Int, TrialNews) -> Void, isAskedToStop: () -> Bool
  ) throws -> TeamDesk.Turn? {
    status.part = "trial \(trial)"
    let outcome = try train(
      observers: { try observers(trial, $0) }, tell: { tell(trial, $0) },
      isAskedToStop: isAskedToStop)
    // After an error they stay, for its line.
    status.step = nil
    status.part = nil
    switch outcome {
    case .paused(let step): return try desk.pause(turn, at: step)
    case .scored(let value): try conclude(value) { $0.failure = "no epoch has a value of it" }
    case .failed(let text, let told):
      if communicator.isFirst { tell(trial, .failed(told)) }
      try conclude(nil) { $0.failure = text }
    }
    return nil
  }

  /// Writes what came of it, and says so to those who wait for it.
  private func conclude(_ value: Double?, fail: (inout TrialRecord) -> Void) throws {
    let metric = search.metric
    try communicator.onFirst {
      var record = try TrialRecord(ofTrial: trial, in: search.folder) ?? TrialRecord(trial: trial)
      if let value {
        record.rungs.append(TrialRecord.Rung(epochs: search.trials.rungs[rung], value: value))
      } else {
        fail(&record)
      }
      try record.write(to: search.folder)
      try desk.isDone(turn, value: record.merit(at: rung, by: metric) ?? -.infinity)
    }
  }

  private func train(
    observers: (TrainingRun.Setup) throws -> [any TrainingObserver], tell: (TrialNews) -> Void,
    isAskedToStop: () -> Bool
  ) throws -> Outcome {
    let folder = search.folder.run(ofTrial: trial)
    let checked: CheckedExperiment
    do {
      checked = try makeExperiment(folder)
    } catch let error as AgreedError where trial > 0 && error.exitCode == .unusableInput {
      let text = error.lines.joined(separator: "; ")
      return .failed(text, told: text)
    }
    try communicator.onFirst {
      if let step = turn.step { try folder.awaitCheckpoint(ofStep: step) }
    }
    let training = try TrainingRun.prepare(
      checked, folder: folder, request: RunRequest(folder: folder.path, resumes: true, fork: nil),
      over: communicator, status, observers: observers)
    // The folder is this process's until the result is written.
    defer { withExtendedLifetime(training) {} }
    if communicator.isFirst {
      for text in training.rejected { tell(.note("passed over a checkpoint: \(text)")) }
      if trial == 0, rung == 0 { for text in training.notes { tell(.note(text)) } }
    }
    let rungs = search.trials.rungs
    let later = rungs[rungs.count - 1] - rungs[rung]
    do {
      let outcome = try training.trainer.run(
        serving: desk.serve,
        pausing: { try communicator.isFirst && desk.hasEndedEpoch(turn, epochsLeft: $0 - later) },
        isAskedToStop: isAskedToStop)
      guard outcome == .finished else { return .paused(step: training.trainer.state.step) }
    } catch let error as TrainingError {
      // All ranks have met it. Without the recipe as it is, there is nothing to be better than.
      if trial == 0 { throw AgreedError(error) }
      return .failed(error.withoutPlace, told: "\(error)")
    }
    if communicator.isFirst { try desk.isFinishing(turn) }
    return .scored(training.trainer.state.best?.value)
  }

  /// The trial's experiment, which ends at the rung; what is its own fault is found out here.
  private func makeExperiment(_ folder: RunFolder) throws -> CheckedExperiment {
    let recipe = try communicator.agree { try search.trials.recipe(of: trial) }
    let checked = try search.checked.reading(recipe, over: communicator)
    let (splits, list) = try checked.splits(over: communicator)
    _ = try checked.basis(
      splits, list, checked.experiment.trainingSettings(on: splits.train), over: communicator)
    try communicator.onFirst {
      if !folder.holdsRun { _ = try checked.makeInitialWeights() }
    }
    let rungs = search.trials.rungs
    if rung == rungs.count - 1 { return checked }
    let steps = rungs[rung] * list.plan.stepsPerEpoch
    return try communicator.agree {
      let settled = checked.experiment
      return checked.with(
        try settled.reading(settled.recipe.with(["training.max-steps=\(steps)"])))
    }
  }
}

/// News of a trial besides its training.
package enum TrialNews: Sendable {
  /// A checkpoint that was passed over, or what was done to weights.
  case note(String)
  case failed(String)
}

extension TrainingError {
  /// The same on whatever ranks it happens.
  fileprivate var withoutPlace: String {
    switch self {
    case .notFinite(var step), .neverFinite(var step):
      step.place = nil
      return "\(step)"
    case .statisticsNotFinite: return "\(self)"
    }
  }
}
