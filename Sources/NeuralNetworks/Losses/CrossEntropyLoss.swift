package import Kernels
package import Tensors

/// Softmax cross-entropy with label smoothing and weights of classes, by one label, two or a soft one; see
/// `crossEntropy` and, for weights of classes, `focalCrossEntropy`.
package struct CrossEntropyLoss: Loss {
  /// ε, the share that is spread over all classes: 0..<1.
  package let labelSmoothing: Float
  package let divisor: LossDivisor
  package var classWeights: [Float]?

  package init(
    labelSmoothing: Float, divisor: LossDivisor = .weights, classWeights: [Float]? = nil
  ) {
    self.labelSmoothing = labelSmoothing
    self.divisor = divisor
    self.classWeights = classWeights
  }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    let raw = targets.checked(for: logits.shape, classWeights: classWeights)
    guard let classWeights else {
      return crossEntropy(
        logits, raw, smoothing: labelSmoothing, gradient: gradient)
    }
    return focalCrossEntropy(
      logits, raw, classWeights: classWeights, smoothing: labelSmoothing, gamma: 0,
      countsSamples: divisor == .samples, gradient: gradient)
  }
}
