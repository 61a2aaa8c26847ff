import EpochRules
import Evaluation

extension Recipe {
  /// Nil: the learning rate is the schedule's.
  static func plateau(_ recipe: inout RecipeReader, selectBy: Metric) -> Plateau? {
    let patience: Int? = recipe.read(
      "plateau.patience", .integer(0...100_000), or: "none", default: nil)
    let metric: Metric? = recipe.read("plateau.metric", .metric, or: "auto", default: nil)
    let rule = Plateau(
      metric ?? selectBy, patience: patience ?? 0,
      reduction: recipe.read("plateau.factor", .number(0.001...0.999), default: 0.1),
      cooldown: recipe.read("plateau.cooldown", .integer(0...100_000), default: 0),
      floor: recipe.read("plateau.floor", .number(0...1), default: 0))
    return patience == nil ? nil : rule
  }
}
