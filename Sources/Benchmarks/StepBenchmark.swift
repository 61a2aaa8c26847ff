import CProcessor
import DataParallel
import Differentiation
import Files
package import MPI
import NeuralNetworks
import Optimizers
import Recipes
package import Tensors
import Timelines
import Training

/// The speed and memory of whole training steps on synthetic images: what `tutti bench step` finds.
/// The same on all ranks.
package struct StepBenchmark: Encodable, Sendable {
  /// What to measure.
  package struct Setup: Sendable {
    package var model = "resnet18"
    /// Images of each rank in a step.
    package var batch = 16
    /// Images of one forward and backward pass; divides the batch.
    package var microBatch = 16
    /// The side of the square images in pixels.
    package var size = 224
    package var precision = Precision.fp32
    /// Whether the net's blocks are run again in backward.
    package var recomputes = false
    /// Compute threads of each rank; nil: its share of the cores.
    package var threads: Int?
    /// Steps that count.
    package var steps = 5
    /// Steps before them, which find memory not yet mapped.
    package var warmup = 2

    package init() {}
  }

  package let model: String
  package let batch: Int
  package let microBatch: Int
  package let size: Int
  package let precision: String
  package let recomputes: Bool
  package let ranks: Int
  /// Of each rank.
  package let threads: Int
  package let processor: String
  /// Of all ranks together.
  package let imagesPerSecond: Double
  /// The median; of each step, the time of the slowest rank.
  package let stepMilliseconds: Double
  /// Memory that the rank with the most of it had at its worst moment, code and libraries included.
  package let peakMemoryBytes: Int
  /// The part of it that is tensors.
  package let tensorPeakBytes: Int
  /// What was told of that before the first step.
  package let forecastTensorBytes: Int

  /// Trains for some steps as `tutti train` does, by AdamW with label smoothing and clipping, each rank
  /// on one batch of its own. Collective.
  ///
  /// - Throws: `RecipeError` on all ranks for a model or size that doesn't exist, `TrainingError`,
  ///   `MPIError`.
  package static func measure(_ setup: Setup, world: World) throws -> StepBenchmark {
    let communicator = world.communicator
    // Of what the process did before, nothing shall show in the memory.
    BufferPool.shared.releaseIdle()
    BufferPool.shared.forgetPeak()
    ProcessMemory.forgetPeak()
    let model = try communicator.agree {
      try Recipe(
        overrides: ["model.name=\(setup.model)", "model.image-size=\(setup.size)"]
      ).makeModel(channels: 3, classes: SyntheticBatch.classes)
    }
    let recomputation: Recomputation = setup.recomputes ? .all : .none
    let cores = try Cores(over: communicator, topology: world.topology, wanted: setup.threads)
    let optimizerStep = try TrainingStep(
      model, loss: CrossEntropyLoss(labelSmoothing: 0.1), optimizer: AdamW(),
      clipping: GradientClipping(maximumNorm: 1), precision: setup.precision,
      recomputation: recomputation, weights: model.initialWeights(seed: 42),
      communicator: communicator, pool: ThreadPool(threads: cores.threads))
    let leaves = communicator.size * setup.batch / setup.microBatch
    let own = optimizerStep.ownLeaves(of: leaves)
    let batches = own.map {
      SyntheticBatch(number: $0, images: setup.microBatch, size: setup.size)
    }
    let forecast = PassMemory(
      model, optimizerStep.weights, images: [setup.microBatch, setup.size, setup.size, 3],
      precision: setup.precision, threads: cores.threads,
      gradients: optimizerStep.slices.gradientBuffers(leaves: leaves, rank: communicator.rank),
      incoming: optimizerStep.slices.incoming(leaves: leaves, rank: communicator.rank)
    ).peak(recomputation)
    var nanoseconds: [Int64] = []
    try Activity.during("timing", of: setup.warmup + setup.steps, "steps") { activity in
      for number in 1...(setup.warmup + setup.steps) {
        world.status.step = number
        try communicator.barrier()
        let learningRate = 1e-3
        let time = try ContinuousClock().measure {
          let summary = try optimizerStep.take(
            leaves: leaves, number: number, learningRate: learningRate, votes: { StepVotes() },
            microBatch: { leaf in
              let batch = batches[leaf - own.lowerBound]
              return MicroBatch(images: batch.images, targets: batch.targets)
            })
          if let what = summary.nonFinite {
            throw TrainingError.notFinite(
              NonFiniteStep(what: what, step: number, learningRate: learningRate))
          }
        }
        activity.advance()
        if number > setup.warmup { nanoseconds.append(Int64(time / .nanoseconds(1))) }
      }
    }
    world.status.step = nil
    let times = try communicator.allGather(nanoseconds)
    let slowest = (0..<setup.steps).map { step in times.map { Double($0[step]) }.max() ?? 0 }
    let seconds = slowest.median * 1e-9
    return StepBenchmark(
      model: setup.model, batch: setup.batch, microBatch: setup.microBatch, size: setup.size,
      precision: setup.precision.rawValue, recomputes: setup.recomputes, ranks: communicator.size,
      threads: cores.threads,
      processor: String(cString: tutti_processor_description()),
      imagesPerSecond: Double(communicator.size * setup.batch) / seconds,
      stepMilliseconds: seconds * 1e3,
      peakMemoryBytes: try communicator.largest(ProcessMemory.peakBytes),
      tensorPeakBytes: try communicator.largest(BufferPool.shared.peakBytes),
      forecastTensorBytes: try communicator.largest(forecast))
  }
}

extension Communicator {
  /// The largest of the ranks' numbers. Collective.
  fileprivate func largest(_ value: Int) throws -> Int {
    Int(try allGather([Int64(value)]).map { $0[0] }.max() ?? 0)
  }
}
