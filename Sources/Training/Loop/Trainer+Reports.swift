import Checkpoints
import DataParallel
import Datasets
import Images
import MPI
import Optimizers
import Tensors

/// The reports that observers get.
extension Trainer {
  /// What this rank does in a full step, for a log.
  package var ownWork: String {
    let leaves = plan.mostMicroBatches
    return
      "micro-batches \(optimizerStep.ownLeaves(of: leaves)) of \(leaves) in a full step, elements "
      + "\(optimizerStep.slices.ranges[communicator.rank]) of the gradient to sum and update"
  }

  var startReport: StartReport {
    StartReport(
      step: state.step, totalSteps: length.steps, lastStep: lastStep,
      stepsPerEpoch: plan.stepsPerEpoch,
      epochs: settings.epochs, trainingPhotos: data.splits.train.count,
      classes: Array(
        zip(data.dataset.classes, data.dataset.classCounts(of: data.splits.train))
      ).map { (name: $0.0, photos: $0.1) },
      microBatches: plan.mostMicroBatches, ranks: communicator.size, memory: memory,
      sizes: data.pipelines.sides)
  }

  func reportStep(_ summary: StepSummary, learningRate: Double, lossScale: Int?) throws {
    let samples = max(summary.samples, 1)
    try report(
      .step(
        StepProgress(
          step: state.step, totalSteps: length.steps,
          epoch: state.stepInEpoch == 0 ? state.epoch - 1 : state.epoch, epochs: settings.epochs,
          loss: summary.isApplied ? summary.loss / summary.weight : nil,
          accuracy: summary.correct / samples, learningRate: learningRate,
          gradientNorm: summary.gradientNorm, lossScale: lossScale, samples: Int(summary.samples),
          seconds: clock.lastStepSeconds, stepsHere: clock.steps,
          peakTensorBytes: BufferPool.shared.peakBytes)))
  }

  func report(_ event: TrainingEvent) throws {
    for observer in observers { try observer.observe(event) }
  }
}
