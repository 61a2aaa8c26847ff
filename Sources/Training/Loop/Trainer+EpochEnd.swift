import Checkpoints
import DataParallel
import EpochRules
import Images
import MPI
import NeuralNetworks
import Optimizers
import Tensors
import Timelines

/// What an epoch's end brings.
extension Trainer {
  /// Validates, applies the rules of an epoch's end, and gives whether some rank is asked to stop or to pause.
  func endEpoch(
    _ serve: @escaping () throws -> Void, pausing pauses: (_ epochsLeft: Int) throws -> Bool,
    _ isAskedToStop: () -> Bool
  ) throws -> Bool {
    let speed = clock.endEpoch()
    let waited = try communicator.gatherInOrder([speed.waited]).max() ?? 0
    let exchange = ExchangeReport(
      waited: try communicator.gatherInOrder([speed.exchanging]), of: speed.seconds)
    let sums = state.epochSums
    state.epochSums = EpochSums()
    try renewStatisticsOfAverage(serve)
    let scores = try lane.slice("validation", .pause) { try validate(serve) }
    let deciding = (settings.deciding == .averaged ? scores.averaged : nil) ?? scores.raw
    let epoch = EndedEpoch(
      epoch: state.epoch - 1, step: state.step, trainingLoss: sums.meanLoss,
      trainingAccuracy: sums.accuracy,
      validation: deciding?.scores)
    var decision = EpochDecision()
    for rule in settings.epochRules { decision.add(state.apply(rule, to: epoch)) }
    try report(
      .epoch(
        EpochReport(
          step: epoch.step, epoch: epoch.epoch, epochs: settings.epochs,
          trainingLoss: epoch.trainingLoss, trainingAccuracy: epoch.trainingAccuracy,
          isMixed: settings.mixing?.isActive(inEpoch: epoch.epoch) ?? false,
          clippedShare: settings.clipping.isOn ? sums.clippedShare : nil,
          validation: scores.raw?.scores, validationOfAverage: scores.averaged?.scores,
          decidingScores: deciding?.scores, answers: deciding?.predictions,
          selectBy: settings.selectBy, decision: decision,
          imagesPerSecond: speed.imagesPerSecond,
          waiting: WaitingReport(
            seconds: waited, share: speed.seconds > 0 ? min(waited / speed.seconds, 1) : 0,
            loaderThreads: data.loaderThreads, threads: pool.threads,
            side: data.pipelines[epoch.epoch].shape[0]),
          exchange: exchange, memory: try MemoryReport.gather(over: communicator),
          validationSeconds: clock.resumeAfterPause())))
    // Memory for photos of the old size would stay beside that for the new.
    if data.pipelines.changes(atEpoch: state.epoch) { BufferPool.shared.releaseIdle() }
    let epochsLeft = settings.epochs - state.epoch
    let pausesHere = try !isDone && pauses(epochsLeft)
    return try communicator.any(isAskedToStop() || pausesHere)
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
}
