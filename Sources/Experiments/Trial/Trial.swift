import Checkpoints
import DataParallel
import Datasets
import Evaluation
import Files
import Images
import Inference
import MPI
import NeuralNetworks
import Optimizers
import Recipes
import Tensors
import Timelines
import Training

/// What some steps of a training and an atom of its evaluation took, and what the whole would. Nothing was written.
package struct Trial: Codable, Sendable {
  /// Steps that were taken, of which the first isn't timed: memory is new to it.
  package let steps: Int
  /// Of all ranks together, with the largest photos.
  package let secondsPerStep: Double
  package let photosPerStep: Int
  /// Of all ranks together; nil without validation photos.
  package let secondsPerValidation: Double?
  package let epochs: Int
  package let stepsPerEpoch: Int
  /// Steps that the training has to take, which `max-steps` may limit.
  package let stepsLeft: Int
  /// The sides of each epoch's photos over the largest.
  let sides: [Double]
  /// What the rank with the most memory had at its worst moment.
  package internal(set) var peakMemoryBytes: Int
  /// What was told of that before.
  package internal(set) var forecastBytes: Int
  /// Of a checkpoint on the disk.
  package let checkpointBytes: Int
  /// Checkpoints that the disk has at a time, the one that is being written included.
  package let checkpoints: Int

  /// Seconds of an epoch, from 0. A step's time goes with the area of its photos.
  private func seconds(ofEpoch epoch: Int) -> Double {
    let side = sides[min(epoch, sides.count - 1)]
    return Double(stepsPerEpoch) * secondsPerStep * side * side + (secondsPerValidation ?? 0)
  }

  /// Seconds that what is left would take.
  package var seconds: Double {
    let all = (0..<epochs).reduce(0) { $0 + seconds(ofEpoch: $1) }
    return all * Double(max(0, stepsLeft)) / Double(max(1, epochs * stepsPerEpoch))
  }

  /// The epochs that are expected to be done in so many seconds, of a tenth of which nothing is expected, and what they
  /// would take; of the first of them where there is time for none.
  package func epochs(within limit: Double) -> (count: Int, seconds: Double) {
    var taken = seconds(ofEpoch: 0)
    if taken > 0.9 * limit { return (0, taken) }
    for epoch in 1..<max(1, epochs) {
      let next = taken + seconds(ofEpoch: epoch)
      if next > 0.9 * limit { return (epoch, taken) }
      taken = next
    }
    return (epochs, taken)
  }

  package var imagesPerSecond: Double { Double(photosPerStep) / secondsPerStep }

  package var diskBytes: Int { checkpoints * checkpointBytes }
}

extension CheckedExperiment {
  /// Tries a training out on the ranks of a communicator: as in its last epoch, whose photos are the largest and
  /// whose net is the least frozen. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - done: steps that a run which goes on has taken.
  ///   - makeWeights: called on the first rank.
  func trial(
    over communicator: Communicator, _ status: RankStatus, after done: Int = 0,
    weights makeWeights: () throws -> FlatStore
  ) throws -> Trial {
    let (splits, list) = try splits(over: communicator)
    let settings = experiment.trainingSettings(on: splits.train)
    var short = settings
    short.maxSteps = min(3, list.plan.stepsPerEpoch)
    short.epochRules = []
    // Steps that overflow aren't timed.
    short.lossScaling = nil
    let basis = try basis(splits, list, settings, over: communicator)
    // After memory is planned, which they are a part of.
    let weights = try communicator.onFirst(makeWeights)
    var state = experiment.initialState
    state.epoch = settings.epochs - 1
    let times = StepTimes()
    let trainer = try trainer(
      TrainingBasis(
        data: basis.data, settings: short, teacher: basis.teacher, memory: basis.memory),
      state: state,
      weights: weights, store: nil, over: communicator, status, observers: [times])
    do {
      try Activity.during("trying out", of: short.maxSteps, "steps") { activity in
        times.activity = activity
        _ = try trainer.run { false }
      }
    } catch let error as TrainingError {
      throw AgreedError(error)  // All ranks have met it.
    }
    let validation = try secondsPerValidation(by: trainer, of: splits.validation, communicator)
    let peak = try communicator.gatherInOrder([Int64(ProcessMemory.peakBytes)]).max() ?? 0
    let sides = (0..<settings.epochs).map { Double(experiment.pipelines[$0].shape[0]) }
    return try communicator.share {
      Trial(
        steps: times.seconds.count, secondsPerStep: times.secondsPerStep,
        photosPerStep: list.plan.fullStep, secondsPerValidation: validation,
        epochs: settings.epochs, stepsPerEpoch: list.plan.stepsPerEpoch,
        stepsLeft: settings.lastStep(of: list.plan) - done,
        sides: sides.map { $0 / (sides.max() ?? 1) }, peakMemoryBytes: Int(peak),
        forecastBytes: basis.memory.forecast.total,
        checkpointBytes: settings.checkpointBytes(of: experiment.model.layout),
        checkpoints: settings.checkpointsAtATime)
    }
  }

  /// From an atom on each rank.
  private func secondsPerValidation(
    by trainer: Trainer, of samples: [Int], _ communicator: Communicator
  ) throws -> Double? {
    let atom = experiment.recipe.evaluation.microBatch
    let some = samples.prefix(communicator.size * atom)
    if some.isEmpty { return nil }
    try communicator.barrier()
    let clock = ContinuousClock()
    let start = clock.now
    _ = try trainer.predictions(
      of: Array(some), by: .alone(0), [experiment.evaluationPipeline], averaging: .probabilities,
      serving: {})
    let seconds = (clock.now - start) / .seconds(1)
    let weights = experiment.trainingSettings.average == nil ? 1.0 : 2.0
    return seconds * weights * Double(samples.count) / Double(some.count)
  }
}

extension TrainingSettings {
  /// Of a checkpoint on the disk.
  func checkpointBytes(of layout: FlatLayout) -> Int {
    let copies = 1 + optimizer.momentNames.count + (average == nil ? 0 : 1)
    return copies * layout.weightCount * MemoryLayout<Float>.stride
  }

  /// The best, and one more while it is written.
  var checkpointsAtATime: Int { keptCheckpoints + 2 }
}

/// Times the steps of a training, on the first rank.
private final class StepTimes: TrainingObserver {
  private(set) var seconds: [Double] = []
  var activity: Activity?

  func observe(_ event: TrainingEvent) {
    guard case .step(let progress) = event else { return }
    seconds.append(progress.seconds)
    activity?.advance()
  }

  /// The mean without the first, if there are others; 0 on ranks that observe nothing.
  var secondsPerStep: Double {
    let timed = seconds.count > 1 ? seconds.dropFirst() : seconds[...]
    return timed.isEmpty ? 0 : timed.reduce(0, +) / Double(timed.count)
  }
}
