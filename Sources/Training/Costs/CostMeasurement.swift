import DataParallel
import Datasets
import Differentiation
package import MPI
package import NeuralNetworks
import Optimizers
package import Planning
package import Tensors
import Timelines

/// Measures what the parts of a training take on this machine: some steps by one rank on one thread and on all cores, and
/// passes on one thread side by side. Nothing is learned and nothing written.
package struct CostMeasurement {
  private let model: Model
  private let data: TrainingData
  private let settings: TrainingSettings
  private let teacher: Teacher?
  private let recomputation: Recomputation
  /// How many are run again, and all there are.
  private let recomputed: Int
  private let blocks: Int
  private let weights: FlatStore
  private let communicator: Communicator

  /// Micro-batches of a step.
  private static let leaves = 2

  /// - Parameters:
  ///   - memory: what was planned for one rank.
  ///   - weights: which stay as they are.
  ///   - communicator: of one rank.
  package init(
    _ model: Model, data: TrainingData, settings: TrainingSettings, teacher: Teacher?,
    memory: MemoryPlan, weights: FlatStore, over communicator: Communicator
  ) {
    precondition(communicator.size == 1, "costs are measured by one rank")
    self.model = model
    self.data = data
    self.settings = settings
    self.teacher = teacher
    recomputation = memory.recomputation
    recomputed = memory.mostRecomputed
    blocks = memory.blocks
    self.weights = weights
    self.communicator = communicator
  }

  /// - Parameters:
  ///   - cores: of this machine.
  ///   - crowd: passes that there is memory for side by side.
  ///   - start: seconds from the program's start to the first step.
  /// - Throws: `PhotoError`, `MPIError`.
  package func costs(cores: Int, crowd: Int, start: Double) throws -> TrainingCosts {
    let size = settings.microBatch
    return try Activity.during("measuring micro-batches of \(size)", of: 6, "parts") {
      try costs(cores: cores, crowd: crowd, start: start, telling: $0)
    }
  }

  private func costs(
    cores: Int, crowd: Int, start: Double, telling activity: Activity
  ) throws -> TrainingCosts {
    let (batches, decode) = try trainingBatches()
    activity.advance()
    let (evaluated, evaluatedDecode) = try evaluationBatch()
    activity.advance()
    func times(_ seconds: (ThreadPool) throws -> Double) rethrows -> ThreadTimes {
      let alone = try seconds(.caller)
      activity.advance()
      defer { activity.advance() }
      return ThreadTimes(
        alone: alone, together: cores > 1 ? try seconds(ThreadPool(threads: cores)) : alone,
        cores: cores)
    }
    var updates: [Double] = []
    let pass = try times { pool in
      let step = try stepTimes(batches, on: pool)
      updates.append(step.update)
      return step.pass
    }
    let forward = times { passes(evaluated, on: $0) / Double(evaluated.shape[0]) }
    let crowd = min(crowd, cores)
    let slowdown =
      crowd > 1
      ? max(0, crowded(batches[0], crowd) / crowded(batches[0], 1) - 1) / Double(crowd - 1) : 0
    return TrainingCosts(
      photos: batches[0].labels.count, pass: pass, slowdownPerBusyCore: slowdown,
      update: ThreadTimes(alone: updates[0], together: updates[updates.count - 1], cores: cores),
      forward: forward, decode: decode, evaluatedDecode: evaluatedDecode,
      copiedAlone: CopySpeed.measure(threads: 1), copiedTogether: CopySpeed.measure(threads: cores),
      blocks: blocks, recomputed: recomputed, start: start)
  }

  /// The first batches of the requests, and the seconds of a photo on one thread. Photos differ, and so does what a
  /// machine does besides: it is the median of batches.
  private func load(
    _ requests: [BatchRequest], keeping count: Int
  ) throws -> (batches: [Batch], photo: Double) {
    let loader = Loader(
      data.dataset, seed: settings.seed, threads: 1, lookAhead: 1, requests: requests)
    var batches: [Batch] = []
    let seconds = try Repetition.seconds(atLeast: count, atMost: requests.count) {
      guard let batch = try loader.next() else { return }
      if batches.count < count { batches.append(batch) }
    }
    return (batches, seconds / Double(max(1, batches[0].labels.count)))
  }

  /// Micro-batches of the last epoch, whose photos are the largest.
  private func trainingBatches() throws -> (batches: [Batch], photo: Double) {
    let epoch = data.pipelines.largest(in: 0..<settings.epochs).lastEpoch
    let order = data.list.order(inEpoch: epoch)
    let leaves = data.list.plan.steps.flatMap { data.list.plan.microBatches(of: $0) }
    let size = leaves.first?.count ?? 0
    var own = leaves.filter { $0.count == size }
    // A step of one micro-batch has it twice.
    while own.count < Self.leaves { own.append(own[0]) }
    return try load(
      own.map {
        BatchRequest(epoch: epoch, positions: $0, of: order, by: [data.pipelines[epoch]])
      }, keeping: Self.leaves)
  }

  private func evaluationBatch() throws -> (images: Tensor, photo: Double) {
    let all = data.splits.validation.isEmpty ? data.splits.train : data.splits.validation
    let atoms = microBatches(of: 0..<all.count, size: settings.evaluationMicroBatch)
    let (batches, photo) = try load(
      atoms.map {
        BatchRequest(epoch: 0, positions: $0, of: all, by: [data.evaluationPipeline])
      }, keeping: 1)
    return (batches[0].images, photo)
  }

  /// Seconds of a micro-batch's pass, and of a step besides.
  private func stepTimes(
    _ batches: [Batch], on pool: ThreadPool
  ) throws -> (pass: Double, update: Double) {
    let step = try TrainingStep(
      model, loss: settings.loss, optimizer: settings.optimizer, clipping: settings.clipping,
      batchNormMomentum: settings.batchNormMomentum, precision: settings.precision,
      recomputation: recomputation, weights: weights.copy(), communicator: communicator, pool: pool)
    let groups = ParameterGroups(frozen: frozen, learningRateScales: [:], missedUpdates: [:])
    let timeline = Timeline()
    func take(_ number: Int) throws {
      _ = try step.take(
        leaves: Self.leaves, number: number, learningRate: 0, groups: groups,
        lane: timeline.main, votes: { StepVotes() },
        microBatch: {
          settings.microBatch(of: batches[$0], in: data.dataset, teacher: teacher, pool: pool)
        })
    }
    try take(1)  // Memory is new to it.
    timeline.start()
    var number = 1
    _ = try Repetition.seconds {
      number += 1
      try take(number)
    }
    var passes: [Double] = []
    var updates: [Double] = []
    for slice in timeline.take().flatMap(\.slices) where slice.depth < 2 {
      let seconds = Double(slice.time.count) * 1e-9
      switch slice.name {
      case "add to sum": passes[passes.count - 1] -= seconds
      case "exchange": updates.append(seconds)
      case "agree", "measure", "update", "weights": updates[updates.count - 1] += seconds
      default: if slice.depth == 0 { passes.append(seconds) }
      }
    }
    return (passes.median, updates.median)
  }

  private var frozen: Set<String> {
    settings.fineTuning.frozen(
      inEpoch: data.pipelines.largest(in: 0..<settings.epochs).lastEpoch)
  }

  /// Seconds of a forward pass.
  private func passes(_ images: Tensor, on pool: ThreadPool) -> Double {
    func pass() {
      let tape = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
      _ = model.network(Variable(images, needsGradient: false), on: tape)
    }
    pass()
    return Repetition.seconds(pass)
  }

  /// Seconds of a pass on one thread beside others.
  private func crowded(_ batch: Batch, _ count: Int) -> Double {
    let microBatch = settings.microBatch(
      of: batch, in: data.dataset, teacher: teacher, pool: .caller)
    return Crowd.seconds(count) { _ in
      let gradient = FlatStore.gradient(model.layout)
      return {
        runMicroBatch(
          microBatch, network: model.network, loss: settings.loss, weights: weights,
          gradient: gradient, frozen: frozen, precision: settings.precision,
          recomputation: recomputation, pool: .caller)
      }
    }
  }
}
