package import Checkpoints
import DataParallel
import Datasets
import Differentiation
import EpochRules
package import Evaluation
package import Images
package import Inference
package import MPI
package import NeuralNetworks
import Optimizers
package import Tensors

/// Trains one model on the ranks of a communicator, each with a replica of the weights and its share
/// of every step's micro-batches.
///
/// The weights after each step have the same bits for any number of ranks and threads, and after any
/// stop and resume. To be run by the thread that makes all MPI calls.
package final class Trainer {
  package enum Outcome: Equatable, Sendable {
    case finished
    /// Asked to stop; the checkpoint after the last step is on the disk.
    case stopped
  }

  package internal(set) var state: TrainingState
  private let model: Model
  let data: TrainingData
  let settings: TrainingSettings
  var plan: StepPlan { data.list.plan }
  let communicator: Communicator
  let status: RankStatus
  private let pool: ThreadPool
  let optimizerStep: TrainingStep
  private let checkpoints: TrainingCheckpoints?
  let average: AveragedWeights?
  /// For an average whose running statistics are made anew; nil for any other.
  private let statisticsPass: StatisticsPass?
  private let teacher: Teacher?
  let observers: [any TrainingObserver]
  var clock = TrainingClock()
  private var validationAtoms: OwnAtoms?
  /// Whether the first weights are validated, too, as those that know the classes already: what they score is what
  /// the training has to beat. The same on all ranks.
  package var validatesStart = false

  /// Starts from the seed's weights, or goes on from a checkpoint. Collective.
  ///
  /// - Parameters:
  ///   - state: where to start: a checkpoint's state, or one with zero steps. The same on all ranks.
  ///   - checkpoint: what `state` comes from, on rank 0; nil elsewhere and at the first start.
  ///   - initialWeights: for the first start, on rank 0; nil elsewhere. Only one rank makes them: a C
  ///     library on another host may round a logarithm differently.
  ///   - store: where checkpoints go; nil for a training that leaves none, and so goes on from none.
  ///   - teacher: whose answers are learned; nil for none.
  ///   - observers: called on the first rank.
  package init(
    model: Model, data: TrainingData, settings: TrainingSettings, state: TrainingState,
    checkpoint: Checkpoint?, initialWeights: FlatStore?, store: CheckpointStore?,
    communicator: Communicator, status: RankStatus, pool: ThreadPool, teacher: Teacher? = nil,
    observers: [any TrainingObserver]
  ) throws {
    self.teacher = teacher
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
  private var begunAverage: AveragedWeights? { state.averageUpdates > 0 ? average : nil }

  package var weights: FlatStore { optimizerStep.weights }

  /// What the recipe's epochs give: the schedule's length.
  var length: TrainingLength { settings.length(of: plan) }

  /// Steps after which the training ends.
  package var lastStep: Int { settings.lastStep(of: plan) }

  /// Whether all steps are taken, or a rule has ended the training before.
  package var isDone: Bool { state.step >= lastStep || state.isStoppedEarly }

  /// Trains to the end, or until a rank is asked to stop. Collective.
  ///
  /// - Parameters:
  ///   - serve: called once a micro-batch, for what this rank does on the side.
  ///   - isAskedToStop: looked at once a step.
  /// - Throws: `PhotoError` on the rank that can't read a photo, errors of the disk on rank 0,
  ///   `TrainingError` on all ranks, `MPIError`.
  package func run(
    serving serve: @escaping () throws -> Void = {}, isAskedToStop: () -> Bool
  ) throws -> Outcome {
    try report(.started(startReport(rehearsing: !isDone)))
    if isDone { return .finished }
    let loader = Loader(
      data.dataset, seed: settings.seed, threads: data.loaderThreads, lookAhead: Self.lookAhead,
      requests: ownBatches())
    if validatesStart, state.step == 0 { try validateStart(serve) }
    clock.start()
    while !isDone {
      status.step = state.step + 1
      if state.stepInEpoch == plan.stepsPerEpoch - 1 { loadValidation(serve) }
      let summary = try takeStep(loader, serve, isAskedToStop: isAskedToStop)
      let endsEpoch = state.stepInEpoch == 0
      let isAsked = endsEpoch ? try endEpoch(serve, isAskedToStop) : summary.stopRequested
      let isDue =
        summary.checkpointDue || settings.checkpointSteps.map { state.step % $0 == 0 } ?? false
      if endsEpoch || isAsked || isDue || isDone { try saveCheckpoint() }
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

  /// One optimiser step over all ranks.
  private func takeStep(
    _ loader: Loader, _ serve: @escaping () throws -> Void, isAskedToStop: () -> Bool
  ) throws -> StepSummary {
    let range = plan.steps[state.stepInEpoch]
    let learningRate =
      settings.learningRate * settings.schedule.factor(step: state.step, of: length)
      * state.learningRateFactor
      * state.nonFinite.learningRateFactor
    let groups = ParameterGroups(
      frozen: settings.fineTuning.frozen(inEpoch: state.epoch),
      learningRateScales: settings.fineTuning.learningRateScales,
      missedUpdates: state.missedUpdates)
    let summary = try optimizerStep.take(
      leaves: plan.microBatches(of: range).count, number: state.optimizerSteps + 1,
      learningRate: learningRate,
      momentum: settings.schedule.momentum(step: state.step, of: length), groups: groups,
      votes: {
        StepVotes(
          stop: isAskedToStop(), checkpoint: clock.isCheckpointDue(settings.checkpointMinutes))
      },
      microBatch: { _ in
        try serve()
        guard let batch = try clock.waiting({ try loader.next() }) else {
          preconditionFailure("the list of batches is shorter than the list of steps")
        }
        return microBatch(of: batch)
      })
    if let what = summary.nonFinite {
      try passOver(
        what, samples: range, learningRate: learningRate, frozen: groups.frozen, serve)
    }
    advance(summary, samples: range.count, frozen: groups.frozen)
    if summary.nonFinite == nil { try reportStep(summary, learningRate: learningRate) }
    return summary
  }

  /// What a leaf's pass is made over.
  func microBatch(of batch: Batch) -> MicroBatch {
    let positions = batch.request.items.map(\.position)
    let targets = Targets(of: batch.samples, in: data.dataset)
    var mixed =
      settings.mixing?.mix(
        batch.images, targets, seed: settings.seed, epoch: batch.request.epoch,
        position: positions[0]) ?? targets
    mixed.teacher = teacher?.probabilities(of: batch.images, pool: pool)
    return MicroBatch(
      images: batch.images, targets: mixed,
      randomness: Randomness(
        seed: settings.seed, epoch: batch.request.epoch, positions: positions))
  }

  /// Moves the state past the step that was taken.
  private func advance(_ summary: StepSummary, samples: Int, frozen: Set<String>) {
    state.step += 1
    state.samplesSeen += samples
    if summary.isApplied {
      state.nonFinite.endRow()
      state.optimizerSteps += 1
      for entry in model.layout.entries
      where entry.kind != .statistic && frozen.contains(entry.name) {
        state.missedUpdates[entry.name, default: 0] += 1
      }
    }
    if summary.nonFinite == nil { state.epochSums.add(summary, settings.clipping) }
    clock.count(samples: samples)
    state.stepInEpoch += 1
    let endsEpoch = state.stepInEpoch == plan.stepsPerEpoch
    if let average,
      average.rule.takesIn(
        epoch: state.epoch, endsEpoch: endsEpoch, isApplied: summary.isApplied)
    {
      state.averageUpdates += 1
      average.takeIn(weights, update: state.averageUpdates)
    }
    if endsEpoch {
      state.epoch += 1
      state.stepInEpoch = 0
    }
  }

  /// Validates, applies the rules of an epoch's end, and gives whether some rank is asked to stop.
  private func endEpoch(
    _ serve: @escaping () throws -> Void, _ isAskedToStop: () -> Bool
  ) throws -> Bool {
    let speed = clock.endEpoch()
    let waited = try communicator.gatherInOrder([speed.waited]).max() ?? 0
    let sums = state.epochSums
    state.epochSums = EpochSums()
    try renewStatisticsOfAverage(serve)
    let scores = try validate(serve)
    let deciding = (settings.deciding == .averaged ? scores.averaged : nil) ?? scores.raw
    let epoch = EndedEpoch(
      epoch: state.epoch - 1, step: state.step, trainingLoss: sums.meanLoss,
      trainingAccuracy: sums.accuracy,
      validation: deciding)
    var decision = EpochDecision()
    for rule in settings.epochRules { decision.add(state.apply(rule, to: epoch)) }
    try report(
      .epoch(
        EpochReport(
          step: epoch.step, epoch: epoch.epoch, epochs: settings.epochs,
          trainingLoss: epoch.trainingLoss, trainingAccuracy: epoch.trainingAccuracy,
          isMixed: settings.mixing?.isActive(inEpoch: epoch.epoch) ?? false,
          clippedShare: settings.clipping.isOn ? sums.clippedShare : nil,
          validation: scores.raw, validationOfAverage: scores.averaged, decidingScores: deciding,
          selectBy: settings.selectBy, decision: decision,
          imagesPerSecond: speed.imagesPerSecond,
          waiting: WaitingReport(
            seconds: waited, share: speed.seconds > 0 ? min(waited / speed.seconds, 1) : 0,
            loaderThreads: data.loaderThreads, threads: pool.threads,
            side: data.pipelines[epoch.epoch].shape[0]),
          validationSeconds: clock.resumeAfterPause())))
    // Memory for photos of the old size would stay beside that for the new.
    if data.pipelines.changes(atEpoch: state.epoch) { BufferPool.shared.releaseIdle() }
    return try communicator.any(isAskedToStop())
  }

  /// Running statistics for an average that has just taken in the epoch's weights. Where they aren't finite, it
  /// has those of its weights' mean, and scores that tell.
  private func renewStatisticsOfAverage(_ serve: @escaping () throws -> Void) throws {
    guard let average = begunAverage, let statisticsPass else { return }
    let weights = try average.gather()
    do {
      try statisticsPass.run(
        weights, frozen: settings.fineTuning.frozenInAllEpochs, serving: serve)
    } catch TrainingError.statisticsNotFinite {}
    average.keepStatistics(of: weights)
  }

  /// Begins to load the validation photos in an epoch's last step, so that nobody waits for the first of
  /// them; those of the next epoch are loaded meanwhile.
  private func loadValidation(_ serve: @escaping () throws -> Void) {
    if data.splits.validation.isEmpty { return }
    validationAtoms = validationPass(serve).atoms(of: data.splits.validation)
  }

  private func validateStart(_ serve: @escaping () throws -> Void) throws {
    loadValidation(serve)
    guard let scores = try validate(serve).raw else { return }
    state.scoreAtStart = settings.selectBy.map { scores[$0] }
    try report(.validatedStart(scores))
  }

  /// The scores of the validation photos, by the weights as they are and by their average; nil when there
  /// are none.
  private func validate(
    _ serve: @escaping () throws -> Void
  ) throws -> (raw: Scores?, averaged: Scores?) {
    guard let atoms = validationAtoms else { return (nil, nil) }
    validationAtoms = nil
    let others = try begunAverage?.gather()
    let scores = try validationPass(with: others, serve).scores(of: atoms)
    return (scores[0], others == nil ? nil : scores[1])
  }

  /// What the model says of other photos of the dataset, by the weights as they are. Collective.
  ///
  /// - Parameters:
  ///   - views: what is asked of each photo, of these pipelines.
  ///   - serve: called after each forward pass, for what this rank does on the side.
  package func predictions(
    of samples: [Int], by views: EnsemblePass.Views, _ pipelines: [Pipeline],
    averaging: Averaging, serving serve: @escaping () throws -> Void
  ) throws -> ViewedPredictions {
    try pass(by: views, pipelines, averaging: averaging, serve).predictions(samples).members[0]
  }

  /// By the plain view alone.
  private func validationPass(
    with others: FlatStore? = nil, _ serve: @escaping () throws -> Void
  ) -> EnsemblePass {
    pass(by: .alone(0), [data.evaluationPipeline], with: others, serve)
  }

  /// - Parameter others: weights that are asked besides.
  private func pass(
    by views: EnsemblePass.Views, _ pipelines: [Pipeline], averaging: Averaging = .probabilities,
    with others: FlatStore? = nil, _ serve: @escaping () throws -> Void
  ) -> EnsemblePass {
    EnsemblePass(
      ([weights] + [others].compactMap(\.self)).map {
        EnsemblePass.Member(network: model.network, weights: $0, views: views)
      },
      pipelines: pipelines, averaging: averaging, dataset: data.dataset,
      thresholds: settings.thresholds, microBatch: settings.evaluationMicroBatch,
      loaderThreads: data.loaderThreads,
      communicator: communicator, pool: pool, serving: serve)
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
