import DataParallel
package import Datasets
package import MPI
import Optimizers
package import Recipes
package import Training

/// One `tutti lr-find`: the first steps of a training, at learning rates that rise from step to step. It writes no
/// file.
package struct RangeTestRun {
  /// The rates of the first step and of the one after the last.
  package struct Range: Sendable {
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
  package let splits: Splits
  /// On rank 0, notes on the recipe and on pretrained weights.
  package let notes: [String]
  private let trainer: Trainer
  private let test: RateTest
  private let communicator: Communicator

  /// Reads the recipe and the data, compares the ranks and sets the trainer up. Collective; throws on all ranks if
  /// on one.
  ///
  /// - Parameter tell: shows a step, on rank 0.
  package static func prepare(
    world: World, recipe makeRecipe: () throws -> Recipe, _ range: Range,
    telling tell: @escaping (StepProgress) -> Void
  ) throws -> RangeTestRun {
    let communicator = world.communicator
    let checked = try CheckedExperiment.read(
      world: world, saved: { nil },
      // Photos are read where they are: a copy would stay.
      recipe: { _ in try makeRecipe().with(["data.stage=none"]) }, growing: true)
    let (splits, list) = try checked.splits(over: communicator)
    let first = try communicator.onFirst { try checked.makeInitialWeights() }
    let test = RateTest(steps: range.steps, telling: tell)
    let trainer = try checked.trainer(
      Splits(train: splits.train, validation: [], test: []), list,
      checked.experiment.trainingSettings(on: splits.train)
        .sweeping(range, stepsPerEpoch: list.plan.stepsPerEpoch),
      state: checked.experiment.initialState, weights: first?.weights, store: nil,
      over: communicator, world.status, observers: [test])
    return RangeTestRun(
      checked: checked, splits: splits, notes: checked.notes + (first?.notes ?? []),
      trainer: trainer, test: test, communicator: communicator)
  }

  /// Takes the steps. Collective.
  ///
  /// - Returns: on rank 0; nil elsewhere.
  package func run() throws -> (curve: RateCurve, end: End)? {
    var end = End.allSteps
    do {
      let outcome = try trainer.run { communicator.isFirst && test.curve.hasDiverged }
      if outcome == .stopped { end = .diverged }
    } catch TrainingError.notFinite {
      end = .notFinite
    }
    if test.curve.hasDiverged { end = .diverged }
    return communicator.isFirst ? (test.curve, end) : nil
  }
}

extension TrainingSettings {
  /// The same training, of so many steps at rising learning rates, that is neither judged nor saved.
  fileprivate func sweeping(_ range: RangeTestRun.Range, stepsPerEpoch: Int) -> TrainingSettings {
    var settings = self
    settings.learningRate = range.start
    settings.schedule = ExponentialSweep(ratio: range.end / range.start, steps: range.steps)
    settings.epochs = (range.steps + stepsPerEpoch - 1) / stepsPerEpoch
    settings.maxSteps = range.steps
    settings.epochRules = []
    settings.average = nil
    settings.onNonFinite = .stop
    (settings.checkpointSteps, settings.checkpointMinutes) = (nil, nil)
    return settings
  }
}
