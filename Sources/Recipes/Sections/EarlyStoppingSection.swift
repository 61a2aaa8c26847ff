import EpochRules
import Evaluation

extension Recipe {
  /// Nil: the training has all of its epochs.
  static func earlyStopping(_ recipe: inout RecipeReader, selectBy: Metric) -> EarlyStopping? {
    let patience: Int? = recipe.read(
      "early-stopping.patience", .integer(1...100_000), or: "none", default: nil)
    let metric: Metric? = recipe.read("early-stopping.metric", .metric, or: "auto", default: nil)
    let leastChange = recipe.read("early-stopping.min-delta", .number(0...1000), default: 0)
    return patience.map {
      EarlyStopping(metric ?? selectBy, patience: $0, leastChange: leastChange)
    }
  }
}
