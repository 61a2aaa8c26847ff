package import NeuralNetworks

extension Recipe {
  package struct Loss: Sendable {
    package let name: LossName
    package let rule: any NeuralNetworks.Loss
    /// What photos of each class count, by how many there are to train on. Nil: all the same.
    package let classWeights: ClassBalance?
    /// τ of the logit adjustment; 0 for none.
    package let logitAdjustment: Double
    /// Runs, checkpoints or files of weights whose answers are learned. Nil: none.
    package let teacher: [String]?
    /// SHA-256 of the teachers' weights. Nil: a run notes that of those that it began with.
    package let teacherDigest: String?
    /// What the teachers' answers count in the loss.
    package let teacherShare: Double
    package let temperature: Double

    init(_ recipe: inout RecipeReader, hasSeveralLabels: Bool) {
      name = recipe.read("loss.name", .choice, default: .crossEntropy)
      rule = recipe.rule(of: "loss.name", name) {
        $0.rule(&$1, hasSeveralLabels: hasSeveralLabels)
      }
      let weights: ClassWeightsName = recipe.read("loss.class-weights", .choice, default: .none)
      classWeights = recipe.rule(of: "loss.class-weights", weights) { $0.rule(&$1) }
      logitAdjustment = recipe.read("loss.logit-adjustment", .number(0...10), default: 0)
      // Where they lie makes no difference: their digest does.
      teacher = recipe.read(
        "loss.teacher", .models, or: "none", default: nil, affectsResults: false)
      teacherDigest = recipe.read("loss.teacher-sha256", .digest, or: "auto", default: nil)
      teacherShare = recipe.read("loss.teacher-share", .number(0...1), default: 0.5)
      temperature = recipe.read("loss.temperature", .number(0.1...100), default: 2)
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
      if logitAdjustment > 0 {
        loss = LogitAdjustedLoss(loss, strength: logitAdjustment, counts: counts)
      }
      if teacher == nil { return loss }
      return DistilledLoss(loss, share: teacherShare, temperature: temperature)
    }
  }
}
