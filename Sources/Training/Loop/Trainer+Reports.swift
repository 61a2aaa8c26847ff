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

  /// Micro-batches that are loaded ahead, if they aren't large.
  static let lookAhead = 8

  /// - Parameter rehearses: passes a micro-batch through the net, if photos of a later epoch are larger
  ///   than those of the first, so that memory that would be missing hours later is missed now.
  func startReport(rehearsing rehearses: Bool) -> StartReport {
    let largestBytes = rehearses ? rehearseLargest() : nil
    let leaves = plan.mostMicroBatches
    let batchBytes =
      settings.microBatch * data.pipelines.largest(in: 0..<settings.epochs).pipeline.imageBytes
    return StartReport(
      step: state.step, totalSteps: length.steps, lastStep: lastStep,
      stepsPerEpoch: plan.stepsPerEpoch,
      epochs: settings.epochs, trainingPhotos: data.splits.train.count,
      classes: Array(
        zip(data.dataset.classes, data.dataset.classCounts(of: data.splits.train))
      ).map { (name: $0.0, photos: $0.1) },
      microBatches: leaves,
      ranks: communicator.size,
      stateBytes: optimizerStep.stateBytes(leaves: leaves) + (average?.mostBytes ?? 0),
      bytesAhead: Loader.batchesAhead(upTo: Self.lookAhead, of: batchBytes) * batchBytes,
      sizes: data.pipelines.sides, largestTensorBytes: largestBytes)
  }

  /// What tensors take with the largest photos that are still to come; nil if they come first.
  private func rehearseLargest() -> Int? {
    let largest = data.pipelines.largest(in: state.epoch..<settings.epochs)
    let shape = largest.pipeline.shape
    guard shape.count > data.pipelines[state.epoch].shape.count else { return nil }
    optimizerStep.rehearse(
      Tensor(zeros: Shape([settings.microBatch] + shape.extents)),
      frozen: settings.fineTuning.frozen(inEpoch: largest.lastEpoch))
    defer { BufferPool.shared.releaseIdle() }
    return BufferPool.shared.peakBytes
  }

  func reportStep(_ summary: StepSummary, learningRate: Double) throws {
    let samples = max(summary.samples, 1)
    try report(
      .step(
        StepProgress(
          step: state.step, totalSteps: length.steps,
          epoch: state.stepInEpoch == 0 ? state.epoch - 1 : state.epoch, epochs: settings.epochs,
          loss: summary.isApplied ? summary.loss / summary.weight : nil,
          accuracy: summary.correct / samples, learningRate: learningRate,
          gradientNorm: summary.gradientNorm, samples: Int(summary.samples),
          seconds: clock.lastStepSeconds, stepsHere: clock.steps,
          peakTensorBytes: BufferPool.shared.peakBytes)))
  }

  func report(_ event: TrainingEvent) throws {
    for observer in observers { try observer.observe(event) }
  }
}
