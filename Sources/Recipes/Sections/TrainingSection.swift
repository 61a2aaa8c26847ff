package import Evaluation
package import Files
package import Optimizers
package import Tensors

extension Recipe {
  package struct Training: Sendable {
    package let epochs: Int
    /// Stops early; the schedule's length stays that of `epochs`. Nil: no limit.
    package let maxSteps: Int?
    /// Samples of one optimiser step, over all ranks.
    package let globalBatch: Int
    /// Whether a run that begins on more ranks than that has work for takes as many more.
    package let scalesToRanks: Bool
    /// Samples of one forward and backward pass.
    package let microBatch: Int
    package let seed: Int
    /// Compute threads of each rank. Nil: the rank's share of its cores.
    package let threads: Int?
    package let selectBy: Metric
    /// What a step's batch statistics count in the new running statistics.
    package let batchNormMomentum: Double
    /// In which formats activations wait in training.
    package let precision: Precision
    /// Nil: losses aren't scaled.
    package let lossScaling: LossScaling?
    /// Whether blocks of the net are run again in backward.
    package let recompute: RecomputePolicy
    /// What a rank may take in all. Nil: its share of the host's.
    package let memoryLimit: ByteCount?
    package let onNonFinite: NonFinitePolicy

    init(_ recipe: inout RecipeReader) {
      epochs = recipe.read("training.epochs", .integer(1...100_000), default: 30)
      maxSteps = recipe.read(
        "training.max-steps", .integer(1...1_000_000_000), or: "none", default: nil,
        affectsResults: false)
      globalBatch = recipe.read("training.global-batch", .integer(1...1_000_000), default: 128)
      scalesToRanks = recipe.read(
        "training.scale-to-ranks", .flag, default: false, affectsResults: false)
      microBatch = recipe.read("training.micro-batch", .integer(1...4096), default: 16)
      seed = recipe.read("training.seed", .integer(0...4_294_967_295), default: 42)
      threads = recipe.read(
        "training.threads", .integer(1...1024), or: "auto", default: nil, affectsResults: false)
      selectBy = recipe.read("training.select-by", .metric, default: .macroF1)
      batchNormMomentum = recipe.read(
        "training.batch-norm-momentum", .number(0...1), default: 0.1)
      let precision: Precision = recipe.read("training.precision", .choice, default: .fp32)
      self.precision = precision
      lossScaling = recipe.rule(of: "training.precision", precision) { $0.lossScaling(&$1) }
      recompute = recipe.read(
        "training.recompute", .choice, default: .auto, affectsResults: false)
      memoryLimit = recipe.read(
        "training.memory-limit", .bytes, or: "auto", default: nil, affectsResults: false)
      let policy: NonFiniteName = recipe.read("training.on-non-finite", .choice, default: .stop)
      onNonFinite = recipe.rule(of: "training.on-non-finite", policy) { $0.rule(&$1) }
    }
  }
}
