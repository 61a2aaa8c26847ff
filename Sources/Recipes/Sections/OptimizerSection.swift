package import Optimizers

extension Recipe {
  package struct Optimizer: Sendable {
    package let name: OptimizerName
    /// The schedule's peak, at the reference batch where there is one.
    package let learningRate: Double
    /// Nil: whatever the global batch.
    package let scaling: LearningRateScaling?
    package let rule: any Optimizers.Optimizer
    /// The gradient's greatest norm. Nil: not clipped.
    package let clipNorm: Double?
    /// The largest value of an element of the gradient. Nil: not clipped.
    package let clipValue: Double?
    /// Patterns of parameters, each with a factor on their learning rate; the first that fits counts.
    package let groups: [ParameterGroup]
    /// What the learning rate is multiplied by for each block farther from the head.
    package let layerDecay: Double

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("optimizer.name", .choice, default: .adamw)
      learningRate = recipe.read("optimizer.learning-rate", .number(1e-9...100), default: 5e-3)
      let scaling: ScalingName = recipe.read(
        "optimizer.scale-learning-rate", .choice, default: .none)
      self.scaling = recipe.rule(of: "optimizer.scale-learning-rate", scaling) { $0.rule(&$1) }
      let weightDecay = recipe.read("optimizer.weight-decay", .number(0...10), default: 1e-4)
      let decaysVectors = recipe.read(
        "optimizer.decay-norms-and-biases", .flag, default: false)
      rule = recipe.rule(of: "optimizer.name", name) { name, recipe in
        name.rule(weightDecay: weightDecay, decaysVectors: decaysVectors, &recipe)
      }
      clipNorm = recipe.read("optimizer.clip-norm", .number(1e-6...1e6), or: "none", default: 1)
      clipValue = recipe.read(
        "optimizer.clip-value", .number(1e-6...1e6), or: "none", default: nil)
      groups = recipe.read("optimizer.groups", .groups, default: [])
      layerDecay = recipe.read("optimizer.layer-decay", .number(0.01...1), default: 1)
    }
  }

  /// The schedule's peak, at the recipe's global batch.
  package var peakLearningRate: Double { optimizer.learningRate * batchFactor }

  /// The `optimizer.learning-rate` that makes such a peak of the recipe's global batch.
  package func learningRate(forPeak peak: Double) -> Double { peak / batchFactor }

  private var batchFactor: Double {
    optimizer.scaling?.factor(globalBatch: training.globalBatch) ?? 1
  }
}
