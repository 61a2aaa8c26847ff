package import Differentiation
package import Kernels
import Tensors

/// Softmax cross-entropy with label smoothing, summed over samples (I5: the division comes last).
package struct CrossEntropyLoss: Sendable {
  package let labelSmoothing: Float

  package init(labelSmoothing: Float) { self.labelSmoothing = labelSmoothing }

  /// The sums over a micro-batch, with each sample's weight or one. In training the gradient of the
  /// summed loss is handed to `logits`, so that `tape.backward()` can follow.
  package func callAsFunction(
    _ logits: Variable, labels: [Int], weights: [Float]? = nil, on tape: Tape
  ) -> CrossEntropySums {
    guard tape.mode == .training, logits.needsGradient else {
      return crossEntropy(
        logits.value, labels: labels, weights: weights, smoothing: labelSmoothing, gradient: nil)
    }
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = crossEntropy(
      logits.value, labels: labels, weights: weights, smoothing: labelSmoothing, gradient: gradient)
    logits.receiveGradient(sharing: gradient, pool: tape.pool)
    return sums
  }
}
