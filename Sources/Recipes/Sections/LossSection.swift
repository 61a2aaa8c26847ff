package import NeuralNetworks

extension Recipe {
  package struct Loss: Sendable {
    package let name: LossName
    package let rule: any NeuralNetworks.Loss
    /// What photos of each class count, by how many there are to train on. Nil: all the same.
    package let classWeights: ClassBalance?
    /// τ of the logit adjustment; 0 for none.
    package let logitAdjustment: Double

    init(_ recipe: inout RecipeReader, hasSeveralLabels: Bool) {
      name = recipe.read("loss.name", .choice, default: .crossEntropy)
      rule = recipe.rule(of: "loss.name", name) {
        $0.rule(&$1, hasSeveralLabels: hasSeveralLabels)
      }
      let weights: ClassWeightsName = recipe.read("loss.class-weights", .choice, default: .none)
      classWeights = recipe.rule(of: "loss.class-weights", weights) { $0.rule(&$1) }
      logitAdjustment = recipe.read("loss.logit-adjustment", .number(0...10), default: 0)
    }

    /// The loss for so many photos, of which each class has its count.
    package func rule(
      of classes: [String], counts: [Int], photos: Int
    ) -> any NeuralNetworks.Loss {
      var loss = rule
      let weights =
        name == .binaryCrossEntropy
        ? classWeights?.positiveWeights(of: classes, counts: counts, photos: photos)
        : classWeights?.factors(of: classes, counts: counts)
      loss.classWeights = weights?.map { Float($0) }
      guard logitAdjustment > 0 else { return loss }
      return LogitAdjustedLoss(loss, strength: logitAdjustment, counts: counts)
    }
  }
}
