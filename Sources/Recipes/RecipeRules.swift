package import EpochRules
import NeuralNetworks
import Optimizers
import Tensors

// A recipe's words for rules, made into rules. The switches are exhaustive, so that a word without
// effect doesn't compile, and each case reads the keys of its own rule: those of rules that weren't
// chosen are refused by name.

extension Recipe {
  /// What is looked at when an epoch ends, in this order.
  package var epochRules: [any EpochRule] {
    let others: [(any EpochRule)?] = [plateau, earlyStopping]
    return [BestEpoch(by: training.selectBy)] + others.compactMap(\.self)
  }

  package enum ScheduleName: String, CaseIterable, Sendable {
    case oneCycle = "one-cycle"
    case cosine
    case cosineRestarts = "cosine-restarts"
    case step
    case constant
    case constantWithWarmup = "constant-with-warmup"

    func rule(_ recipe: inout RecipeReader) -> any Optimizers.Schedule {
      switch self {
      case .oneCycle:
        OneCycle(
          warmup: Self.warmup(&recipe), momenta: Self.cycledMomenta(&recipe))
      case .cosine: CosineSchedule(warmup: Self.warmup(&recipe))
      case .cosineRestarts:
        CosineRestarts(
          warmup: Self.warmup(&recipe),
          period: recipe.read("schedule.restart-period", .duration, default: .epochs(10)),
          growth: recipe.read("schedule.restart-growth", .integer(1...100), default: 1))
      case .step:
        StepSchedule(
          warmup: Self.warmup(&recipe),
          times: recipe.read("schedule.step-at", .times, default: .every(.epochs(10))),
          reduction: recipe.read("schedule.step-factor", .number(0...1), default: 0.1))
      case .constant: ConstantSchedule()
      case .constantWithWarmup: ConstantSchedule(warmup: Self.warmup(&recipe))
      }
    }

    private static func cycledMomenta(_ recipe: inout RecipeReader) -> ClosedRange<Double>? {
      let momenta: [Double]? = recipe.read(
        "schedule.cycle-momentum", .numbers(2, in: 0...0.999999), or: "none", default: nil)
      guard let momenta else { return nil }
      recipe.require(
        momenta[0] <= momenta[1], "schedule.cycle-momentum",
        otherwise:
          "`schedule.cycle-momentum` has the momentum at the peak first, which is the smaller one")
      return min(momenta[0], momenta[1])...momenta[1]
    }

    private static func warmup(_ recipe: inout RecipeReader) -> ScheduleDuration {
      recipe.read("schedule.warmup", .duration(atMost: 0.9), default: .share(0.1))
    }
  }

  package enum OptimizerName: String, CaseIterable, Sendable {
    case adamw
    case sgd
    case lion
    case lamb

    func rule(
      weightDecay: Double, decaysVectors: Bool, _ recipe: inout RecipeReader
    ) -> any Optimizers.Optimizer {
      switch self {
      case .adamw:
        return AdamW(
          betas: Self.betas(&recipe), weightDecay: weightDecay, decaysVectors: decaysVectors)
      case .lamb:
        return LAMB(
          betas: Self.betas(&recipe), weightDecay: weightDecay, decaysVectors: decaysVectors)
      case .lion:
        let betas = recipe.read(
          "optimizer.lion-betas", .numbers(2, in: 0...0.999999), default: [0.9, 0.99])
        return Lion(
          betas: (betas[0], betas[1]), weightDecay: weightDecay, decaysVectors: decaysVectors)
      case .sgd:
        return SGD(
          momentum: recipe.read("optimizer.momentum", .number(0...0.999999), default: 0.9),
          isNesterov: recipe.read("optimizer.nesterov", .flag, default: true),
          weightDecay: weightDecay, decaysVectors: decaysVectors)
      }
    }

    private static func betas(_ recipe: inout RecipeReader) -> (Double, Double) {
      let betas = recipe.read(
        "optimizer.betas", .numbers(2, in: 0...0.999999), default: [0.9, 0.999])
      return (betas[0], betas[1])
    }
  }

  /// How the learning rate follows the global batch.
  package enum ScalingName: String, CaseIterable, Sendable {
    case none
    case linear
    case squareRoot = "square-root"

    func rule(_ recipe: inout RecipeReader) -> LearningRateScaling? {
      switch self {
      case .none: nil
      case .linear:
        LearningRateScaling(.linear, referenceBatch: Self.referenceBatch(&recipe))
      case .squareRoot:
        LearningRateScaling(.squareRoot, referenceBatch: Self.referenceBatch(&recipe))
      }
    }

    private static func referenceBatch(_ recipe: inout RecipeReader) -> Int {
      recipe.read("optimizer.reference-batch", .integer(1...1_000_000), default: 256)
    }
  }

  /// What is kept beside the weights.
  package enum AverageName: String, CaseIterable, Sendable {
    case none
    case ema
    case swa

    func rule(
      _ recipe: inout RecipeReader, epochs: Int
    ) -> (rule: (any WeightAverage)?, deciding: WeightsRole) {
      switch self {
      case .none: return (nil, .raw)
      case .ema:
        return (
          ExponentialMovingAverage(
            decay: recipe.read("average.decay", .number(0...0.999999), default: 0.9998),
            warmsUp: recipe.read("average.warmup", .flag, default: true)),
          Self.deciding(&recipe)
        )
      case .swa:
        let first = recipe.read(
          "average.from-epoch", .integer(0...100_000), or: "auto", default: nil)
        recipe.require(
          first ?? 0 < epochs, "average.from-epoch", "training.epochs",
          otherwise:
            "`average.from-epoch` \(first ?? 0) is none of `training.epochs` \(epochs), which count from 0"
        )
        return (
          StochasticWeightAverage(firstEpoch: first ?? 3 * epochs / 4), Self.deciding(&recipe)
        )
      }
    }

    private static func deciding(_ recipe: inout RecipeReader) -> WeightsRole {
      recipe.read("average.decides", .choice, default: .averaged)
    }
  }

  /// What becomes of a training whose numbers aren't finite.
  package enum NonFiniteName: String, CaseIterable, Sendable {
    case stop
    case skip
    case lower

    func rule(_ recipe: inout RecipeReader) -> NonFinitePolicy {
      switch self {
      case .stop: .stop
      case .skip: .skip
      case .lower:
        .lower(factor: recipe.read("training.lower-factor", .number(0.01...0.99), default: 0.5))
      }
    }
  }

  /// How often photos of a class are drawn.
  package enum SamplingName: String, CaseIterable, Sendable {
    /// Each photo stands once in an epoch.
    case none
    case inverseFrequency = "inverse-frequency"
    case squareRoot = "square-root"
    case effectiveNumber = "effective-number"
    case weights

    func rule(_ recipe: inout RecipeReader) -> ClassBalance? {
      switch self {
      case .none: nil
      case .inverseFrequency: .inverseFrequency
      case .squareRoot: .squareRoot
      case .effectiveNumber:
        .effectiveNumber(
          beta: recipe.read("data.sampling-beta", .number(0...0.999999), default: 0.999))
      case .weights: .given(recipe.read("data.sampling-weights", .classFactors, default: [:]))
      }
    }
  }

  package enum LossName: String, CaseIterable, Sendable {
    case crossEntropy = "cross-entropy"
    case focal
    case binaryCrossEntropy = "binary-cross-entropy"

    func rule(
      _ recipe: inout RecipeReader, hasSeveralLabels: Bool
    ) -> any NeuralNetworks.Loss {
      switch self {
      case .binaryCrossEntropy:
        return BinaryCrossEntropyLoss(
          labelSmoothing: Self.labelSmoothing(&recipe),
          sumsClasses: recipe.read("loss.sum-classes", .flag, default: false),
          hasSeveralLabels: hasSeveralLabels)
      case .crossEntropy:
        return CrossEntropyLoss(
          labelSmoothing: Self.labelSmoothing(&recipe),
          divisor: Self.divisor(&recipe) ?? .weights)
      case .focal:
        let form: FocalLoss.Form = recipe.read("loss.focal-by", .choice, default: .class)
        let divisor = Self.divisor(&recipe) ?? .samples
        recipe.require(
          form == .class || divisor == .samples, "loss.divide-by", "loss.focal-by",
          otherwise: "a focal loss by photos is divided by their number; leave out `loss.divide-by`"
        )
        return FocalLoss(
          form: form, gamma: recipe.read("loss.gamma", .number(0...10), default: 2),
          alpha: recipe.read("loss.alpha", .number(0.001...100), default: 1),
          labelSmoothing: Self.labelSmoothing(&recipe), divisor: divisor)
      }
    }

    private static func labelSmoothing(_ recipe: inout RecipeReader) -> Float {
      Float(recipe.read("loss.label-smoothing", .number(0...0.9), default: 0.1))
    }

    /// Nil: as who defined the loss has it.
    private static func divisor(_ recipe: inout RecipeReader) -> LossDivisor? {
      recipe.read("loss.divide-by", .choice, or: "auto", default: nil)
    }
  }

  /// What photos of a class count in the loss.
  package enum ClassWeightsName: String, CaseIterable, Sendable {
    case none
    case balanced
    case squareRoot = "square-root"
    case effectiveNumber = "effective-number"
    case given

    func rule(_ recipe: inout RecipeReader) -> ClassBalance? {
      switch self {
      case .none: nil
      case .balanced: .inverseFrequency
      case .squareRoot: .squareRoot
      case .effectiveNumber:
        .effectiveNumber(
          beta: recipe.read("loss.class-weights-beta", .number(0...0.999999), default: 0.999))
      case .given: .given(recipe.read("loss.class-weights-given", .classFactors, default: [:]))
      }
    }
  }
}

extension Precision {
  /// Nil where the loss need not be scaled.
  func lossScaling(_ recipe: inout RecipeReader) -> LossScaling? {
    switch self {
    case .fp32, .bf16, .fp16: return nil
    case .fp16Gradients:
      let first = recipe.read(
        "training.loss-scale", .integer(LossScaling.range), default: LossScaling().first)
      recipe.require(
        LossScaling.allows(first), "training.loss-scale",
        otherwise: "`training.loss-scale` must be a power of two, such as 65536")
      return LossScaling(
        first: LossScaling.allows(first) ? first : LossScaling().first,
        growthSteps: recipe.read(
          "training.loss-scale-growth-steps", .integer(1...1_000_000),
          default: LossScaling().growthSteps))
    }
  }
}
