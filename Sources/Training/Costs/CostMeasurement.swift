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

  /// Steps that count, after one that doesn't.
  private static let steps = 2
  /// Micro-batches of each.
  private static let leaves = 2
  /// That are decoded, at least.
  private static let photos = 32

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
    let (batches, decode) = try trainingBatches()
    let (evaluated, evaluatedDecode) = try evaluationBatch()
    func times(_ seconds: (ThreadPool) throws -> Double) rethrows -> ThreadTimes {
      let alone = try seconds(.caller)
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
      crowd > 1 ? max(0, crowded(batches[0], crowd) / pass.alone - 1) / Double(crowd - 1) : 0
    return TrainingCosts(
      photos: batches[0].labels.count, pass: pass, slowdownPerBusyCore: slowdown,
      update: ThreadTimes(alone: updates[0], together: updates[updates.count - 1], cores: cores),
      forward: forward, decode: decode, evaluatedDecode: evaluatedDecode,
      copiedAlone: CopySpeed.measure(threads: 1), copiedTogether: CopySpeed.measure(threads: cores),
      blocks: blocks, recomputed: recomputed, start: start)
  }

  /// The seconds of a photo among those of the requests, on one thread.
  private func load(_ requests: [BatchRequest]) throws -> (batches: [Batch], photo: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let loader = Loader(
      data.dataset, seed: settings.seed, threads: 1, lookAhead: requests.count, requests: requests)
    let batches = try requests.compactMap { _ in try loader.next() }
    let count = batches.reduce(0) { $0 + $1.labels.count }
    return (batches, (clock.now - start) / .seconds(1) / Double(max(1, count)))
  }

  /// Micro-batches of the last epoch, whose photos are the largest.
  private func trainingBatches() throws -> (batches: [Batch], photo: Double) {
    let epoch = data.pipelines.largest(in: 0..<settings.epochs).lastEpoch
    let order = data.list.order(inEpoch: epoch)
    let leaves = data.list.plan.steps.lazy.flatMap { data.list.plan.microBatches(of: $0) }
    let first = leaves.first ?? 0..<0
    let count = max(Self.leaves, (Self.photos + first.count - 1) / max(1, first.count))
    var own = Array(leaves.prefix(count).filter { $0.count == first.count })
    while own.count < Self.leaves { own.append(first) }
    return try load(
      own.map {
        BatchRequest(epoch: epoch, positions: $0, of: order, by: [data.pipelines[epoch]])
      })
  }

  private func evaluationBatch() throws -> (images: Tensor, photo: Double) {
    let all = data.splits.validation.isEmpty ? data.splits.train : data.splits.validation
    let some = 0..<min(all.count, settings.evaluationMicroBatch)
    let (batches, photo) = try load([
      BatchRequest(epoch: 0, positions: some, of: all, by: [data.evaluationPipeline])
    ])
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
    for number in 0...Self.steps {
      if number == 1 { timeline.start() }
      _ = try step.take(
        leaves: Self.leaves, number: number + 1, learningRate: 0, groups: groups,
        lane: timeline.main, votes: { StepVotes() },
        microBatch: {
          settings.microBatch(of: batches[$0], in: data.dataset, teacher: teacher, pool: pool)
        })
    }
    let slices = timeline.take().flatMap(\.slices)
    func seconds(_ names: [String]) -> Double {
      slices.filter { slice in slice.depth < 2 && names.contains { slice.name.hasPrefix($0) } }
        .reduce(0) { $0 + Double($1.time.count) * 1e-9 }
    }
    return (
      (seconds(["micro-batch "]) - seconds(["add to sum"])) / Double(Self.steps * Self.leaves),
      seconds(["exchange", "agree", "measure", "update", "weights"]) / Double(Self.steps)
    )
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
    return (ContinuousClock().measure { for _ in 0..<Self.steps { pass() } }) / .seconds(1)
      / Double(Self.steps)
  }

  /// Seconds of a pass on one thread beside others.
  private func crowded(_ batch: Batch, _ count: Int) -> Double {
    let microBatch = settings.microBatch(
      of: batch, in: data.dataset, teacher: teacher, pool: .caller)
    let seconds = Crowd.run(count) { _ in
      let gradient = FlatStore.gradient(model.layout)
      return {
        runMicroBatch(
          microBatch, network: model.network, loss: settings.loss, weights: weights,
          gradient: gradient, frozen: frozen, precision: settings.precision,
          recomputation: recomputation, pool: .caller)
      }
    }
    return seconds
  }
}
