package import Kernels
package import Tensors

/// Softmax cross-entropy with label smoothing, by one label, two, or a soft one; see `crossEntropy`.
package struct CrossEntropyLoss: Loss {
  /// ε, the share that is spread over all classes: 0..<1.
  package let labelSmoothing: Float

  package init(labelSmoothing: Float) { self.labelSmoothing = labelSmoothing }

  package func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums {
    if let softLabels = targets.softLabels {
      precondition(
        softLabels.count == logits.count, "\(softLabels.count) shares for logits \(logits.shape)")
    }
    return crossEntropy(
      logits, labels: targets.labels,
      second: targets.second.map { ($0.labels, $0.firstShares) }, softLabels: targets.softLabels,
      weights: targets.weights, smoothing: labelSmoothing, gradient: gradient)
  }
}
