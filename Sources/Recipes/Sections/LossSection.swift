package import NeuralNetworks

extension Recipe {
  package struct Loss: Sendable {
    package let name: LossName
    package let rule: any NeuralNetworks.Loss

    init(_ recipe: inout RecipeReader) {
      name = recipe.read("loss.name", .choice, default: .crossEntropy)
      rule = recipe.rule(of: "loss.name", name) { $0.rule(&$1) }
    }
  }
}
