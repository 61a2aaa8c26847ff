package import Optimizers
package import Tensors

extension Recipe {
  package struct Average: Sendable {
    package let name: AverageName
    /// Nil: none is kept.
    package let rule: (any WeightAverage)?
    /// Of the raw and the averaged weights, those that choose the best epoch and are asked.
    package let deciding: WeightsRole
    /// Whether the averaged ones do.
    package var decidesByAverage: Bool { deciding == .averaged }

    /// - Parameter epochs: of the training.
    init(_ recipe: inout RecipeReader, epochs: Int) {
      name = recipe.read("average.name", .choice, default: .none)
      (rule, deciding) = recipe.rule(of: "average.name", name) { $0.rule(&$1, epochs: epochs) }
    }
  }
}
