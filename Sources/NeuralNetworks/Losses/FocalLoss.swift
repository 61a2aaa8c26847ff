package import Kernels
package import Tensors

/// Focal loss, which hard photos count more in: Lin et al., "Focal loss for dense object detection", 2017.
package struct FocalLoss: Loss {
  /// What is called hard.
  package enum Form: String, CaseIterable, Sendable {
    /// A class, by its probability: Keras' form; see `focalCrossEntropy`.
    case `class`
    /// A photo, by its weighted and smoothed cross-entropy: that of many PyTorch programs; see `sampleFocalLoss`.
    case photo
  }

  package let form: Form
  /// γ: how fast photos that are known lose weight.
  package let gamma: Double
  /// α, a factor of all.
  package let alpha: Double
  package let labelSmoothing: Float
  package let divisor: LossDivisor
  package var classWeights: [Float]?

  package init(
    form: Form = .class, gamma: Double = 2, alpha: Double = 1, labelSmoothing: Float = 0,
    divisor: LossDivisor = .samples, classWeights: [Float]? = nil
  ) {
    self.form = form
    self.gamma = gamma
    self.alpha = alpha
    self.labelSmoothing = labelSmoothing
    self.divisor = divisor
    self.classWeights = classWeights
  }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    let raw = targets.checked(for: logits.shape, classWeights: classWeights)
    switch form {
    case .class:
      return focalCrossEntropy(
        logits, raw, classWeights: classWeights, smoothing: labelSmoothing,
        alpha: alpha, gamma: gamma, countsSamples: divisor == .samples, gradient: gradient)
    case .photo:
      return sampleFocalLoss(
        logits, raw, classWeights: classWeights, smoothing: labelSmoothing,
        alpha: alpha, gamma: gamma, gradient: gradient)
    }
  }
}
