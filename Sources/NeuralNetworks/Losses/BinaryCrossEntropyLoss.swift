package import Kernels
package import Tensors

/// A yes or no for each class: binary cross-entropy of sigmoids, of one label a photo (timm's `BinaryCrossEntropy`;
/// Wightman, Touvron and Jégou, "ResNet strikes back", 2021) or of several; see `binaryCrossEntropy`.
package struct BinaryCrossEntropyLoss: Loss {
  /// ε, the share that is spread over all classes, or with several labels over yes and no: 0..<1.
  package let labelSmoothing: Float
  /// Whether a photo's loss is the sum over the classes, and not their mean: timm's `sum_classes`.
  package let sumsClasses: Bool
  /// Whether photos have any number of labels, of which soft labels tell: each class's share by itself.
  package let hasSeveralLabels: Bool
  package var divisor: LossDivisor { .samples }
  /// What it counts that a class is there: PyTorch's `pos_weight`.
  package var classWeights: [Float]?

  package init(
    labelSmoothing: Float, sumsClasses: Bool = false, hasSeveralLabels: Bool = false,
    classWeights: [Float]? = nil
  ) {
    self.labelSmoothing = labelSmoothing
    self.sumsClasses = sumsClasses
    self.hasSeveralLabels = hasSeveralLabels
    self.classWeights = classWeights
  }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    let raw = targets.checked(for: logits.shape, classWeights: classWeights)
    return binaryCrossEntropy(
      logits, raw, positiveWeights: classWeights, smoothing: labelSmoothing,
      sumsClasses: sumsClasses, hasSeveralLabels: hasSeveralLabels, gradient: gradient)
  }
}
