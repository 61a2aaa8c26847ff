package import DataParallel
import Datasets
import Differentiation
import Files
import Images
import Inference
package import MPI
package import NeuralNetworks
import Optimizers
import Tensors

/// What a training takes of its ranks' memory.
package struct TrainingMemory {
  private let passes: PassMemory
  private let settings: TrainingSettings
  private let blocks: Int
  /// What this rank has or will take besides activations and photos.
  private let others: MemoryForecast

  /// - Parameters:
  ///   - teacher: with its weights.
  ///   - threads: of this rank.
  ///   - rank: of how many, nil for the one that takes most.
  package init(
    of model: Model, teacher: Teacher?, data: TrainingData, settings: TrainingSettings,
    threads: Int, rank: Int?, of ranks: Int
  ) {
    self.settings = settings
    let largest = data.pipelines.largest(in: 0..<settings.epochs)
    let slices = Slices(model.layout, ranks: ranks)
    let leaves = data.list.plan.mostMicroBatches
    let rank = rank ?? slices.fullestRank(leaves: leaves)
    let own = slices.weights(of: rank).count
    passes = PassMemory(
      model, teacher: teacher, precision: settings.precision,
      frozen: settings.fineTuning.frozen(inEpoch: largest.lastEpoch),
      images: Shape([settings.microBatch] + largest.pipeline.shape.extents),
      evaluated: Shape([settings.evaluationMicroBatch] + data.evaluationPipeline.shape.extents),
      evaluatedWeights: data.splits.validation.isEmpty ? 0 : settings.average == nil ? 1 : 2,
      threads: threads,
      moments: [Int](
        repeating: own,
        count: settings.optimizer.momentNames.count + (settings.average == nil ? 0 : 1)),
      gradients: slices.gradientBuffers(leaves: leaves, rank: rank),
      incoming: slices.incoming(leaves: leaves, rank: rank))
    blocks = passes.kept(.none).blocks
    let pool = BufferPool.shared
    // The average is held whole where it is asked.
    let weights = model.layout.weightCount * (settings.average == nil ? 1 : 2)
    let gradients = passes.gradients * model.layout.gradientCount + passes.incoming
    others = MemoryForecast(
      program: max(0, ProcessMemory.residentBytes - pool.bytes - Loader.memoryBytes),
      state: pool.bytesInUse
        + (weights + passes.moments.reduce(0, +) + gradients) * MemoryLayout<Float>.stride,
      activations: 0, loader: 0)
  }

  /// What this rank takes with passes of these shapes.
  private func forecast(_ passes: PassMemory, _ recomputation: Recomputation) -> MemoryForecast {
    /// Of batches that are loaded, with the one that is passed through the net.
    func ahead(_ count: Int, _ batch: Shape) -> Int {
      let bytes = batch.count * MemoryLayout<Float>.stride
      return (Loader.batchesAhead(upTo: count, of: bytes) + 1) * bytes
    }
    var forecast = others
    forecast.activations = max(0, passes.peak(recomputation) - forecast.state)
    forecast.loader =
      ahead(Trainer.lookAhead, passes.images)
      + (passes.evaluatedWeights == 0 ? 0 : ahead(OwnAtoms.lookAhead, passes.evaluated))
    return forecast
  }

  /// What this rank alone would take, and how many of the net's blocks would be run again in backward.
  package func forecast(within bytes: Int?) -> (bytes: Int, recomputed: Int) {
    let chosen = recomputed(within: bytes ?? .max)
    return (forecast(passes, .blocks(chosen)).total, chosen.count)
  }

  /// Decides which blocks of the net are run again in backward. Collective.
  ///
  /// - Throws: `MemoryShortage` on all ranks, where one of them would take more than `limit`.
  package func plan(
    within limit: MemoryShare?, over communicator: Communicator
  ) throws -> MemoryPlan {
    let own = try communicator.agree {
      let chosen = recomputed(within: limit?.bytes ?? .max)
      let forecast = forecast(passes, .blocks(chosen))
      if let limit, forecast.total > limit.bytes {
        throw MemoryShortage(
          forecast: forecast, limit: limit, remedies: remedies(within: limit.bytes))
      }
      return (forecast: forecast, blocks: chosen)
    }
    let (mine, blocks) = own
    let all = try communicator.allGather(
      [mine.program, mine.state, mine.activations, mine.loader, blocks.count].map(Int64.init)
    ).map { $0.map(Int.init) }
    let forecasts = all.map {
      MemoryForecast(program: $0[0], state: $0[1], activations: $0[2], loader: $0[3])
    }
    return MemoryPlan(
      forecast: forecasts.max { $0.total < $1.total } ?? mine, limit: limit?.description,
      recomputation: .blocks(blocks), mostRecomputed: all.map { $0[4] }.max() ?? 0,
      blocks: self.blocks)
  }

  private func recomputed(within bytes: Int) -> Set<Int> {
    switch settings.recompute {
    case .none: []
    case .blocks: Set(0..<blocks)
    case .auto: passes.fewestBlocks { forecast(passes, .blocks($0)).total <= bytes }
    }
  }

  /// Settings with which this rank would take no more.
  private func remedies(within limit: Int) -> [MemoryShortage.Remedy] {
    var remedies: [MemoryShortage.Remedy] = []
    // All of them are told with blocks that may be run again.
    let recompute = settings.recompute == .none ? ["training.recompute=auto"] : []
    func tryOut(_ settings: [String], _ passes: PassMemory) {
      // Where it isn't known exactly, a tenth is left.
      let bytes = forecast(passes, .all).total * 11 / 10
      if bytes <= limit {
        remedies.append(MemoryShortage.Remedy(settings: recompute + settings, bytes: bytes))
      }
    }
    if !recompute.isEmpty { tryOut([], passes) }
    for size in sequence(first: settings.microBatch / 2, next: { $0 / 2 }).prefix(while: { $0 > 0 })
    where remedies.isEmpty {
      var smaller = passes
      smaller.images = Shape([size] + passes.images.extents.dropFirst())
      smaller.evaluated = Shape(
        [min(size, passes.evaluated[0])] + passes.evaluated.extents.dropFirst())
      tryOut(
        ["training.micro-batch=\(size)", "evaluation.micro-batch=\(smaller.evaluated[0])"], smaller)
    }
    return remedies
  }
}
