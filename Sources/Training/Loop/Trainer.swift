package import Checkpoints
import DataParallel
import Datasets
import Inference
package import MPI
package import NeuralNetworks
import Optimizers
package import Tensors
import Timelines

/// Trains one model on the ranks of a communicator, each with a replica of the weights and its share
/// of every step's micro-batches.
///
/// The weights after each step have the same bits for any number of ranks and threads, and after any
/// stop and resume. To be run by the thread that makes all MPI calls.
package final class Trainer {
  package enum Outcome: Equatable, Sendable {
    case finished
    /// Asked to stop or to pause; the checkpoint after the last step is on the disk.
    case stopped
  }

  package internal(set) var state: TrainingState
  let model: Model
  let data: TrainingData
  let settings: TrainingSettings
  var plan: StepPlan { data.list.plan }
  let communicator: Communicator
  let status: RankStatus
  let pool: ThreadPool
  let optimizerStep: TrainingStep
  private let checkpoints: TrainingCheckpoints?
  let average: AveragedWeights?
  /// For an average whose running statistics are made anew; nil for any other.
  let statisticsPass: StatisticsPass?
  let teacher: Teacher?
  let memory: MemoryPlan
  let observers: [any TrainingObserver]
  /// Micro-batches that are loaded ahead, if they aren't large.
  static let lookAhead = 8
  var clock = TrainingClock()
  /// The validation photos that this rank has begun to load.
  var validationAtoms: OwnAtoms?
  /// Whether the first weights are validated, too, as those that know the classes already: what they score is what
  /// the training has to beat. The same on all ranks.
  package var validatesStart = false
  /// Records some steps; nil where none are to be. There on all ranks or on none.
  package var tracing: Tracing?

  /// Starts from the seed's weights, or goes on from a checkpoint. Collective.
  ///
  /// - Parameters:
  ///   - state: where to start: a checkpoint's state, or one with zero steps. The same on all ranks.
  ///   - checkpoint: what `state` comes from, on rank 0; nil elsewhere and at the first start.
  ///   - initialWeights: for the first start, on rank 0; nil elsewhere. Only one rank makes them: a C
  ///     library on another host may round a logarithm differently.
  ///   - store: where checkpoints go; nil for a training that leaves none, and so goes on from none.
  ///   - teacher: whose answers are learned; nil for none.
  ///   - memory: what was planned with it.
  ///   - observers: called on the first rank.
  package init(
    model: Model, data: TrainingData, settings: TrainingSettings, state: TrainingState,
    checkpoint: Checkpoint?, initialWeights: FlatStore?, store: CheckpointStore?,
    communicator: Communicator, status: RankStatus, pool: ThreadPool, teacher: Teacher? = nil,
    memory: MemoryPlan, observers: [any TrainingObserver]
  ) throws {
    self.teacher = teacher
    self.memory = memory
    self.model = model
    self.data = data
    self.settings = settings
    self.state = state
    self.communicator = communicator
    self.status = status
    self.pool = pool
    self.observers = communicator.isFirst ? observers : []
    optimizerStep = try TrainingStep(
      model, loss: settings.loss, optimizer: settings.optimizer, clipping: settings.clipping,
      batchNormMomentum: settings.batchNormMomentum, precision: settings.precision,
      recomputation: memory.recomputation,
      weights: initialWeights ?? FlatStore.weights(model.layout), communicator: communicator,
      pool: pool)
    let slices = optimizerStep.slices
    average = settings.average.map { AveragedWeights($0, slices, communicator, pool: pool) }
    statisticsPass =
      settings.average?.renewsStatistics == true
      ? try StatisticsPass(
        model, data.dataset, samples: data.splits.train, by: data.evaluationPipeline,
        microBatch: settings.microBatch, seed: settings.seed, loaderThreads: data.loaderThreads,
        communicator: communicator, pool: pool) : nil
    let sharded = ShardedState(communicator, slices)
    checkpoints = store.map {
      TrainingCheckpoints(store: $0, communicator: communicator, sharded: sharded)
    }
    if state.step == 0 {
      try communicator.broadcast(weights)
    } else {
      precondition(store != nil, "a training without checkpoints begins at its first step")
      try checkpoints?.restore(
        checkpoint, weights: weights, moments: optimizerStep.moments, average: begunAverage)
    }
  }

  /// Nil before it has taken in any weights.
  var begunAverage: AveragedWeights? { state.averageUpdates > 0 ? average : nil }

  package var weights: FlatStore { optimizerStep.weights }

  /// What the recipe's epochs give: the schedule's length.
  var length: TrainingLength { settings.length(of: plan) }

  /// Steps after which the training ends.
  package var lastStep: Int { settings.lastStep(of: plan) }

  /// Whether all steps are taken, or a rule has ended the training before.
  package var isDone: Bool { state.step >= lastStep || state.isStoppedEarly }

  /// Trains to the end, or until a rank is asked to stop or to pause. Collective.
  ///
  /// - Parameters:
  ///   - serve: called once a micro-batch, for what this rank does on the side.
  ///   - pauses: asked at the end of an epoch that isn't the last, given how many are left.
  ///   - isAskedToStop: looked at once a step.
  /// - Throws: `PhotoError` on the rank that can't read a photo, errors of the disk on rank 0,
  ///   `TrainingError` on all ranks, `MPIError`.
  package func run(
    serving serve: @escaping () throws -> Void = {},
    pausing pauses: (_ epochsLeft: Int) throws -> Bool = { _ in false },
    isAskedToStop: () -> Bool
  ) throws -> Outcome {
    try report(.started(startReport))
    if isDone { return .finished }
    let loader = Loader(
      data.dataset, seed: settings.seed, threads: data.loaderThreads, lookAhead: Self.lookAhead,
      timeline: tracing?.timeline, requests: ownBatches())
    if validatesStart, state.step == 0 { try validateStart(serve) }
    clock.start()
    while !isDone {
      status.step = state.step + 1
      try startTrace()
      let summary = try lane.slice(
        "step \(state.step + 1)", .step,
        [("step", .number(state.step + 1)), ("epoch", .number(state.epoch))]
      ) {
        if state.stepInEpoch == plan.stepsPerEpoch - 1 { loadValidation(serve) }
        return try takeStep(loader, serve, isAskedToStop: isAskedToStop)
      }
      let endsEpoch = state.stepInEpoch == 0
      let isAsked =
        try endsEpoch
        ? lane.slice("end of epoch", .pause) { try endEpoch(serve, pausing: pauses, isAskedToStop) }
        : summary.stopRequested
      let isDue =
        summary.checkpointDue || settings.checkpointSteps.map { state.step % $0 == 0 } ?? false
      if endsEpoch || isAsked || isDue || isDone {
        try lane.slice("checkpoint", .pause) { try saveCheckpoint() }
      }
      try finishTrace(isLast: isAsked || isDone)
      if isAsked && !isDone { return .stopped }
    }
    status.step = nil
    return .finished
  }

  /// The requests of this rank from the state's step on.
  private func ownBatches() -> RankBatches {
    var ownLeaves: [Int: Range<Int>] = [:]
    for range in plan.steps {
      let leaves = plan.microBatches(of: range).count
      ownLeaves[leaves] = optimizerStep.ownLeaves(of: leaves)
    }
    return RankBatches(
      list: data.list, pipelines: data.pipelines, epochs: settings.epochs, ownLeaves: ownLeaves,
      fromEpoch: state.epoch, step: state.stepInEpoch)
  }

  private func saveCheckpoint() throws {
    guard let checkpoints else { return }
    try report(.saving)
    let path = try checkpoints.save(
      state, weights: weights, moments: optimizerStep.moments, average: begunAverage,
      keep: settings.keptCheckpoints)
    clock.noteCheckpoint()
    if let path {
      try report(
        .checkpoint(path: path, step: state.step, isBest: state.best?.step == state.step))
    }
  }
}
