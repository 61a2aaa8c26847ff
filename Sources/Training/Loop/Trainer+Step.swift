import Checkpoints
import DataParallel
import Datasets
import Differentiation
import MPI
import NeuralNetworks
import Optimizers
import Tensors
import Timelines

/// A step of the training.
extension Trainer {
  /// One optimiser step over all ranks.
  func takeStep(
    _ loader: Loader, _ serve: @escaping () throws -> Void, isAskedToStop: () -> Bool
  ) throws -> StepSummary {
    let range = plan.steps[state.stepInEpoch]
    let waitedBefore = status.secondsWaited
    let learningRate =
      settings.learningRate * settings.schedule.factor(step: state.step, of: length)
      * state.learningRateFactor
      * state.nonFinite.learningRateFactor
    let groups = ParameterGroups(
      frozen: settings.fineTuning.frozen(inEpoch: state.epoch),
      learningRateScales: settings.fineTuning.learningRateScales,
      missedUpdates: state.missedUpdates)
    let lossScale = lossScale
    let summary = try optimizerStep.take(
      leaves: plan.microBatches(of: range).count, number: state.optimizerSteps + 1,
      learningRate: learningRate,
      momentum: settings.schedule.momentum(step: state.step, of: length), groups: groups,
      lossScale: lossScale ?? 1, lane: lane,
      votes: {
        StepVotes(
          stop: isAskedToStop(), checkpoint: clock.isCheckpointDue(settings.checkpointMinutes))
      },
      microBatch: { _ in
        try serve()
        let batch = try lane.slice("wait for data", .wait) {
          try clock.waiting({ try loader.next() })
        }
        guard let batch else {
          preconditionFailure("the list of batches is shorter than the list of steps")
        }
        return lane.slice("prepare", .step) { microBatch(of: batch) }
      })
    if let what = summary.nonFinite, try !passOverByLossScale(summary) {
      try passOver(
        what, samples: range, learningRate: learningRate, frozen: groups.frozen, serve)
    }
    advance(
      summary, samples: range.count, frozen: groups.frozen,
      exchanging: status.secondsWaited - waitedBefore)
    if summary.nonFinite == nil {
      try lane.slice("report", .step) {
        try reportStep(summary, learningRate: learningRate, lossScale: lossScale)
      }
    }
    return summary
  }

  func microBatch(of batch: Batch) -> MicroBatch {
    settings.microBatch(of: batch, in: data.dataset, teacher: teacher, pool: pool)
  }

  /// Moves the state past the step that was taken.
  private func advance(
    _ summary: StepSummary, samples: Int, frozen: Set<String>, exchanging: Double
  ) {
    state.step += 1
    state.samplesSeen += samples
    if summary.isApplied {
      state.nonFinite.endRow()
      growLossScale()
      state.optimizerSteps += 1
      for entry in model.layout.entries
      where entry.kind != .statistic && frozen.contains(entry.name) {
        state.missedUpdates[entry.name, default: 0] += 1
      }
    }
    if summary.nonFinite == nil { state.epochSums.add(summary, settings.clipping) }
    clock.count(samples: samples, exchanging: exchanging)
    state.stepInEpoch += 1
    let endsEpoch = state.stepInEpoch == plan.stepsPerEpoch
    if let average,
      average.rule.takesIn(
        epoch: state.epoch, endsEpoch: endsEpoch, isApplied: summary.isApplied)
    {
      state.averageUpdates += 1
      lane.slice("average", .step) { average.takeIn(weights, update: state.averageUpdates) }
    }
    if endsEpoch {
      state.epoch += 1
      state.stepInEpoch = 0
    }
  }
}

extension TrainingSettings {
  /// What a leaf's pass is made over.
  func microBatch(
    of batch: Batch, in dataset: Dataset, teacher: Teacher?, pool: ThreadPool
  ) -> MicroBatch {
    let positions = batch.request.items.map(\.position)
    let targets = Targets(of: batch.samples, in: dataset)
    var mixed =
      mixing?.mix(
        batch.images, targets, seed: seed, epoch: batch.request.epoch,
        position: positions[0]) ?? targets
    mixed.teacher = teacher?.probabilities(of: batch.images, pool: pool)
    return MicroBatch(
      images: batch.images, targets: mixed,
      randomness: Randomness(seed: seed, epoch: batch.request.epoch, positions: positions))
  }
}
