import Checkpoints
import DataParallel
import Datasets
import MPI
import Optimizers
import Tensors

/// What observers are told.
extension Trainer {
  /// What this rank does in a full step, for a log.
  package var ownWork: String {
    let leaves = plan.mostMicroBatches
    let own = step.plan(leaves: leaves).intervals[communicator.rank]
    return "micro-batches \(own) of \(leaves) in a full step, elements "
      + "\(step.slices.ranges[communicator.rank]) of the gradient to sum and update"
  }

  func startReport() -> StartReport {
    let leaves = plan.mostMicroBatches
    let bytes = (0..<communicator.size).map { rank in
      let moments = moments.names.count * step.slices.weights(of: rank).count
      return step.bytes(leaves: leaves, rank: rank)
        + (weights.count + moments) * MemoryLayout<Float>.stride
    }
    return StartReport(
      step: state.step, totalSteps: totalSteps, lastStep: lastStep,
      stepsPerEpoch: plan.stepsPerEpoch,
      epochs: settings.epochs, trainingPhotos: data.splits.train.count, microBatches: leaves,
      ranks: communicator.size, stateBytes: bytes.max() ?? 0)
  }

  func reportStep(_ summary: StepSummary, learningRate: Double) throws {
    let samples = max(summary.samples, 1)
    try report(
      .step(
        StepProgress(
          step: state.step, totalSteps: totalSteps,
          epoch: state.stepInEpoch == 0 ? state.epoch - 1 : state.epoch, epochs: settings.epochs,
          loss: summary.loss / max(summary.weight, .leastNormalMagnitude),
          accuracy: summary.correct / samples, learningRate: learningRate,
          gradientNorm: summary.gradientNorm, samples: Int(summary.samples),
          seconds: clock.lastStepSeconds, stepsHere: clock.steps,
          peakTensorBytes: BufferPool.shared.peakBytes)))
  }

  func report(_ event: TrainingEvent) throws {
    for observer in observers { try observer.observe(event) }
  }
}
