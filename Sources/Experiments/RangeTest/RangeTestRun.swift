import DataParallel
package import Datasets
package import MPI
import NeuralNetworks
import Optimizers
package import Recipes
import Timelines
package import Training

/// One `tutti lr-find`: steps of a training, all as in its first epoch, at learning rates that rise from step to step.
/// It writes no file.
package struct RangeTestRun {
  /// The rates of the first step and of the one after the last.
  package struct Sweep: Sendable {
    package let start: Double
    package let end: Double
    package let steps: Int

    package init(from start: Double, to end: Double, steps: Int) {
      self.start = start
      self.end = end
      self.steps = steps
    }
  }

  /// How a test came to its end.
  package enum End: String, Codable, Sendable {
    case allSteps = "all steps"
    case diverged
    case notFinite = "not finite"
  }

  package let checked: CheckedExperiment
  /// Whether the global batch has grown to the ranks.
  package var hasGrown: Bool { checked.batchNote != nil }
  package let splits: Splits
  private let steps: Int
  /// Whether a training by the recipe changes in later epochs, which no step of the test is in.
  package let leavesLaterEpochsOut: Bool
  /// On rank 0, notes on the recipe and on pretrained weights.
  package let notes: [String]
  private let trainer: Trainer
  private let test: RateTest
  private let communicator: Communicator

  /// Reads the recipe and the data, compares the ranks and sets the trainer up. Collective; throws on all ranks if
  /// on one.
  package static func prepare(
    world: World, recipe makeRecipe: () throws -> Recipe, _ sweep: Sweep
  ) throws -> RangeTestRun {
    let communicator = world.communicator
    let checked = try CheckedExperiment.read(
      world: world, saved: { nil }, recipe: { _ in try makeRecipe().withoutStaging }, growing: true)
    let (splits, list) = try checked.splits(over: communicator)
    let first = try communicator.onFirst { try checked.makeInitialWeights() }
    let experiment = checked.experiment
    let settings = experiment.trainingSettings(on: splits.train)
    let swept = settings.sweeping(sweep, stepsPerEpoch: list.plan.stepsPerEpoch)
    let test = RateTest(steps: sweep.steps)
    let basis = try checked.basis(
      Splits(train: splits.train, validation: [], test: []), list, swept,
      pipelines: experiment.pipelines.asInFirstEpoch, over: communicator)
    let trainer = try checked.trainer(
      basis, state: experiment.initialState, weights: first?.weights, store: nil,
      over: communicator, world.status, observers: [test])
    return RangeTestRun(
      checked: checked, splits: splits, steps: sweep.steps,
      leavesLaterEpochsOut: swept.fineTuning != settings.fineTuning
        || swept.mixing?.switchOffEpoch != settings.mixing?.switchOffEpoch
        || experiment.pipelines.all.count > 1,
      notes: checked.notes + (first?.notes ?? []),
      trainer: trainer, test: test, communicator: communicator)
  }

  /// Takes the steps. Collective.
  ///
  /// - Parameter note: what is to be known of a step while one waits.
  /// - Returns: on rank 0; nil elsewhere.
  package func run(
    noting note: @escaping (StepProgress) -> String
  ) throws -> (curve: RateCurve, steps: Int, end: End)? {
    var end = End.allSteps
    do {
      let outcome = try Activity.during("testing", of: steps, "steps") { activity in
        test.tell = { progress in
          activity.note = note(progress)
          activity.advance()
        }
        return try trainer.run { communicator.isFirst && test.curve.hasDiverged }
      }
      if outcome == .stopped { end = .diverged }
    } catch TrainingError.notFinite {
      end = .notFinite
    }
    if test.curve.hasDiverged { end = .diverged }
    return communicator.isFirst ? (test.curve, test.steps, end) : nil
  }
}

extension TrainingSettings {
  /// The same training, of so many steps at rising learning rates, that is neither judged nor saved. All of them are as
  /// in the first epoch: what begins later would make a step of the curve that no learning rate makes.
  fileprivate func sweeping(_ sweep: RangeTestRun.Sweep, stepsPerEpoch: Int) -> TrainingSettings {
    var settings = self
    settings.learningRate = sweep.start
    settings.schedule = ExponentialSweep(ratio: sweep.end / sweep.start, steps: sweep.steps)
    settings.epochs = (sweep.steps + stepsPerEpoch - 1) / stepsPerEpoch
    settings.maxSteps = sweep.steps
    settings.fineTuning = fineTuning.asInFirstEpoch
    settings.mixing = mixing?.asInFirstEpoch
    settings.epochRules = []
    settings.average = nil
    settings.onNonFinite = .stop
    (settings.checkpointSteps, settings.checkpointMinutes) = (nil, nil)
    return settings
  }
}
