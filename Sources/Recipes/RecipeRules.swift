package import EpochRules
import NeuralNetworks
import Optimizers

// A recipe's words for rules, made into rules. The switches are exhaustive, so that a word without
// effect doesn't compile, and each case reads the keys of its own rule: those of rules that weren't
// chosen are refused by name.

extension Recipe {
  /// What is looked at when an epoch ends, in this order.
  package var epochRules: [any EpochRule] { [BestEpoch(by: training.selectBy)] }

  package enum ScheduleName: String, CaseIterable, Sendable {
    case oneCycle = "one-cycle"
    case cosine
    case constant

    func rule(_ recipe: inout RecipeReader) -> any Optimizers.Schedule {
      switch self {
      case .oneCycle: OneCycle(warmupFraction: Self.warmupFraction(&recipe))
      case .cosine: CosineSchedule(warmupFraction: Self.warmupFraction(&recipe))
      case .constant: ConstantSchedule()
      }
    }

    private static func warmupFraction(_ recipe: inout RecipeReader) -> Double {
      recipe.read("schedule.warmup-fraction", .number(0...0.9), default: 0.1)
    }
  }

  package enum OptimizerName: String, CaseIterable, Sendable {
    case adamw
    case sgd

    func rule(weightDecay: Double, _ recipe: inout RecipeReader) -> any Optimizers.Optimizer {
      switch self {
      case .adamw:
        let betas = recipe.read(
          "optimizer.betas", .numbers(2, in: 0...0.999999), default: [0.9, 0.999])
        return AdamW(betas: (betas[0], betas[1]), weightDecay: weightDecay)
      case .sgd:
        return SGD(
          momentum: recipe.read("optimizer.momentum", .number(0...0.999999), default: 0.9),
          isNesterov: recipe.read("optimizer.nesterov", .flag, default: true),
          weightDecay: weightDecay)
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

    func rule(_ recipe: inout RecipeReader) -> any NeuralNetworks.Loss {
      switch self {
      case .crossEntropy:
        CrossEntropyLoss(
          labelSmoothing: Float(
            recipe.read("loss.label-smoothing", .number(0...0.9), default: 0.1)))
      }
    }
  }
}
