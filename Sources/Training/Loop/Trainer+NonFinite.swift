import Checkpoints
import Datasets
import DataParallel
import Files
import MPI
import Optimizers
import Tensors

/// Steps whose numbers aren't finite.
extension Trainer {
  /// Passes over a step that wasn't applied, or throws. Collective; the same on all ranks.
  ///
  /// - Parameters:
  ///   - what: isn't finite in the sum over the step.
  ///   - samples: of the step.
  /// - Throws: `TrainingError` on all ranks; what loading the step's photos again throws.
  func passOver(
    _ what: String, samples: Range<Int>, learningRate: Double, frozen: Set<String>,
    _ serve: () throws -> Void
  ) throws {
    let step = NonFiniteStep(
      what: what, step: state.step + 1, learningRate: learningRate,
      place: try placeOfNonFinite(samples, frozen: frozen, serve))
    guard state.nonFinite.passesOver(by: settings.onNonFinite) else {
      throw settings.onNonFinite == .stop
        ? TrainingError.notFinite(step) : TrainingError.neverFinite(step)
    }
    try report(
      .passedOver(
        PassedOverStep(
          step: step.step, epoch: state.epoch, reason: "\(step)",
          learningRateFactor: state.nonFinite.learningRateFactor)))
  }

  /// Where the first of a step's numbers arises that isn't finite: each rank makes its micro-batches once more,
  /// which are the same again, and looks at all that the net makes of them. Of the ranks' finds that of the first
  /// micro-batch counts. Collective.
  private func placeOfNonFinite(
    _ samples: Range<Int>, frozen: Set<String>, _ serve: () throws -> Void
  ) throws -> NonFiniteStep.Place? {
    let leaves = plan.microBatches(of: samples)
    let own = optimizerStep.ownLeaves(of: leaves.count)
    let order = data.list.order(inEpoch: state.epoch)
    let pipeline = data.pipelines[state.epoch]
    let loader = Loader(
      data.dataset, seed: settings.seed, threads: data.loaderThreads, lookAhead: 1,
      requests: leaves[own].map {
        BatchRequest(epoch: state.epoch, positions: $0, of: order, by: [pipeline])
      })
    var found: NonFiniteStep.Place?
    while found == nil, let batch = try loader.next() {
      try serve()
      found = optimizerStep.firstNonFinite(in: microBatch(of: batch), frozen: frozen).map { what in
        NonFiniteStep.Place(
          what: what, rank: status.rank, host: status.host,
          photos: batch.samples.map { data.dataset.name(of: $0) })
      }
    }
    let all = try communicator.allGather(
      Array(try JSONText.encode([found].compactMap(\.self)).utf8))
    return try all.flatMap { try JSONText.decode([NonFiniteStep.Place].self, from: $0) }.first
  }
}
