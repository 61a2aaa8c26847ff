package import Evaluation
package import Models
import NeuralNetworks
import Optimizers

/// The recipe's sections. Each key is declared once, where it is read: its name, what is allowed, its
/// default, and whether it affects results. docs/recipe.md says what each is for.
extension Recipe {
  package struct Model: Sendable {
    /// A name of the catalogue; whether it exists is checked where the model is made.
    package let name: String
    /// The side of the square input in pixels.
    package let imageSize: Int
    /// The file, run or checkpoint whose weights to start from. Nil: drawn from the seed.
    package let weights: String?
    /// The SHA-256 that their file must have. Nil: any; then a run notes the one that it began with.
    package let weightsDigest: String?
    package let loading: Loading
    package let head: Head
    /// The share of features that the head drops in training. Nil: the head's own.
    package let dropout: Double?

    /// What is done where the file's tensors aren't the model's.
    package enum Loading: String, CaseIterable, Sendable {
      /// The run ends before it begins.
      case strict
      /// What fits is taken, the rest drawn from the seed.
      case partial
    }

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("model.name", .text("a model's name"), default: "resnet18")
      imageSize = recipe.read("model.image-size", .integer(8...1024), default: 224)
      weights = recipe.read(
        "model.weights", .text("a file, a run's folder or a checkpoint's"), or: "none",
        default: nil)
      weightsDigest = recipe.read("model.weights-sha256", .digest, or: "auto", default: nil)
      loading = recipe.read("model.loading", .choice, default: .strict)
      head = recipe.read("model.head", .choice, default: .plain)
      dropout = recipe.read("model.dropout", .number(0...0.9), or: "auto", default: nil)
    }
  }

  package struct Data: Sendable {
    package let path: String
    /// The share of the training photos that is set apart, unless the data bring such a split.
    package let validation: Double
    package let test: Double
    package let splitSeed: Int
    /// Nil: chosen for the machine.
    package let loaderThreads: Int?
    /// What is done about photos that can't be decoded.
    package let corrupt: Corrupt
    /// The manifest's column of groups. Nil: `group`, if there is one.
    package let groupBy: String?

    package enum Corrupt: String, CaseIterable, Sendable {
      /// The run ends, at the first of them that it meets.
      case stop
      /// All photos are decoded before the first step, and those left out.
      case skip
    }

    init(_ recipe: inout RecipeReader) {
      path = recipe.read("data.path", .text("a path"), default: "photos", affectsResults: false)
      validation = recipe.read("data.validation", .number(0.001...0.9), default: 0.1)
      test = recipe.read("data.test", .number(0...0.9), default: 0.1)
      splitSeed = recipe.read("data.split-seed", .integer(0...4_294_967_295), default: 42)
      loaderThreads = recipe.read(
        "data.loader-threads", .integer(1...1024), or: "auto", default: nil, affectsResults: false)
      corrupt = recipe.read("data.corrupt", .choice, default: .stop)
      groupBy = recipe.read(
        "data.group-by", .text("a column of the manifest"), or: "none", default: nil)
    }
  }

  package struct Training: Sendable {
    package let epochs: Int
    /// Stops early; the schedule's length stays that of `epochs`. Nil: no limit.
    package let maxSteps: Int?
    /// Samples of one optimiser step, over all ranks.
    package let globalBatch: Int
    /// Samples of one forward and backward pass.
    package let microBatch: Int
    package let seed: Int
    /// Compute threads of each rank. Nil: the rank's share of its cores.
    package let threads: Int?
    package let selectBy: SelectionMetric

    init(_ recipe: inout RecipeReader) {
      epochs = recipe.read("training.epochs", .integer(1...100_000), default: 30)
      maxSteps = recipe.read(
        "training.max-steps", .integer(1...1_000_000_000), or: "none", default: nil,
        affectsResults: false)
      globalBatch = recipe.read("training.global-batch", .integer(1...1_000_000), default: 128)
      microBatch = recipe.read("training.micro-batch", .integer(1...4096), default: 16)
      seed = recipe.read("training.seed", .integer(0...4_294_967_295), default: 42)
      threads = recipe.read(
        "training.threads", .integer(1...1024), or: "auto", default: nil, affectsResults: false)
      selectBy = recipe.read("training.select-by", .choice, default: .macroF1)
    }
  }

  package struct Optimizer: Sendable {
    package enum Name: String, CaseIterable, Sendable { case adamw }

    package let name: Name
    /// The schedule's peak.
    package let learningRate: Double
    package let weightDecay: Double
    package let betas: (first: Double, second: Double)
    /// The gradient's greatest norm. Nil: not clipped.
    package let clipNorm: Double?
    /// Patterns of parameters, each with a factor on their learning rate; the first that fits counts.
    package let groups: [ParameterGroup]
    /// What the learning rate is multiplied by for each block farther from the head.
    package let layerDecay: Double

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("optimizer.name", .choice, default: .adamw)
      learningRate = recipe.read("optimizer.learning-rate", .number(1e-9...100), default: 5e-3)
      weightDecay = recipe.read("optimizer.weight-decay", .number(0...10), default: 1e-4)
      let decays = recipe.read(
        "optimizer.betas", .numbers(2, in: 0...0.999999), default: [0.9, 0.999])
      betas = (decays[0], decays[1])
      clipNorm = recipe.read("optimizer.clip-norm", .number(1e-6...1e6), or: "none", default: 1)
      groups = recipe.read("optimizer.groups", .groups, default: [])
      layerDecay = recipe.read("optimizer.layer-decay", .number(0.01...1), default: 1)
    }
  }

  package struct FineTuning: Sendable {
    package enum BatchNorm: String, CaseIterable, Sendable {
      /// Running statistics stand still where their layer is frozen.
      case auto
      /// All of the body's do.
      case frozen
    }

    /// Patterns of parameters that stand still.
    package let freeze: [String]
    /// For how many epochs. Nil: for all.
    package let freezeEpochs: Int?
    package let batchNorm: BatchNorm

    init(_ recipe: inout RecipeReader) {
      freeze = recipe.read("fine-tuning.freeze", .patterns, default: [])
      freezeEpochs = recipe.read(
        "fine-tuning.freeze-epochs", .integer(1...100_000), or: "none", default: nil)
      batchNorm = recipe.read("fine-tuning.batch-norm", .choice, default: .auto)
    }
  }

  package struct Schedule: Sendable {
    package enum Name: String, CaseIterable, Sendable {
      case oneCycle = "one-cycle"
      case constant
    }

    package let name: Name
    /// The share of all steps in which the learning rate rises to its peak.
    package let warmupFraction: Double

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("schedule.name", .choice, default: .oneCycle)
      warmupFraction = recipe.read("schedule.warmup-fraction", .number(0...0.9), default: 0.1)
    }
  }

  package struct Loss: Sendable {
    package enum Name: String, CaseIterable, Sendable { case crossEntropy = "cross-entropy" }

    package let name: Name
    package let labelSmoothing: Double

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("loss.name", .choice, default: .crossEntropy)
      labelSmoothing = recipe.read("loss.label-smoothing", .number(0...0.9), default: 0.1)
    }
  }

  package struct Evaluation: Sendable {
    package let microBatch: Int

    init(_ recipe: inout RecipeReader) {
      microBatch = recipe.read("evaluation.micro-batch", .integer(1...4096), default: 16)
    }
  }

  package struct Checkpoint: Sendable {
    /// Nil: not by steps.
    package let everySteps: Int?
    /// Nil: not by time.
    package let everyMinutes: Int?
    package let keep: Int

    init(_ recipe: inout RecipeReader) {
      everySteps = recipe.read(
        "checkpoint.every-steps", .integer(1...1_000_000_000), or: "none", default: nil,
        affectsResults: false)
      everyMinutes = recipe.read(
        "checkpoint.every-minutes", .integer(1...10_080), or: "none", default: 10,
        affectsResults: false)
      keep = recipe.read("checkpoint.keep", .integer(1...1000), default: 3, affectsResults: false)
    }
  }
  /// How `tutti crossval` cuts the photos, and which part this run is of it.
  package struct Crossval: Sendable {
    package enum Select: String, CaseIterable, Sendable {
      /// The best epoch on photos that are set apart inside the fold for it.
      case best
      /// The last epoch; no photo is set apart.
      case last
    }

    /// Nil: as many as the data's own.
    package let folds: Int?
    /// The fold, from 0, that this run is not trained on. Nil: this is no run of a cross-validation.
    package let fold: Int?
    package let seed: Int
    package let select: Select
    /// The share of a fold's training photos that is set apart to choose the best epoch by.
    package let validation: Double

    init(_ recipe: inout RecipeReader) {
      folds = recipe.read("crossval.folds", .integer(2...1000), or: "none", default: nil)
      fold = recipe.read("crossval.fold", .integer(0...999), or: "none", default: nil)
      seed = recipe.read("crossval.seed", .integer(0...4_294_967_295), default: 42)
      select = recipe.read("crossval.select", .choice, default: .best)
      validation = recipe.read("crossval.validation", .number(0.001...0.5), default: 0.1)
    }
  }
}
