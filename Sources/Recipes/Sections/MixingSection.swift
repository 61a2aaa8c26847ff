import NeuralNetworks

extension Recipe {
  /// Nil where nothing is mixed.
  static func mixing(_ recipe: inout RecipeReader) -> Mixing? {
    let mixing = Mixing(
      mixup: recipe.read("mixing.mixup", .number(0...100), default: 0),
      cutmix: recipe.read("mixing.cutmix", .number(0...100), default: 0),
      probability: recipe.read("mixing.probability", .number(0...1), default: 1),
      switchProbability: recipe.read("mixing.switch-probability", .number(0...1), default: 0.5),
      pairing: recipe.read("mixing.pairing", .choice, default: .roll),
      share: recipe.read("mixing.lambda", .choice, default: .batch),
      switchOffEpoch: recipe.read(
        "mixing.switch-off-epoch", .integer(0...100_000), or: "none", default: nil))
    return mixing.mixup > 0 || mixing.cutmix > 0 ? mixing : nil
  }
}
