/// Clipping by the gradient's global norm, as in `torch.nn.utils.clip_grad_norm_`.
package struct GradientClipping: Sendable {
  /// The norm above which a gradient is shortened; none leaves all as they are.
  package var maximumNorm: Double?

  package init(maximumNorm: Double?) { self.maximumNorm = maximumNorm }

  /// What to multiply a mean gradient of this norm by: `min(1, maximumNorm / (norm + 1e-6))`.
  package func coefficient(norm: Double) -> Double {
    guard let maximumNorm else { return 1 }
    return min(1, maximumNorm / (norm + 1e-6))
  }

  /// What to multiply a summed gradient by, so that it becomes the clipped mean: the one division
  /// by the total weight. Non-finite gradients and a weight of zero are for the caller to skip.
  ///
  /// - Parameters:
  ///   - norm: the Euclidean norm of the mean gradient, of the sum over `weight`.
  ///   - weight: the sum of the samples' weights, above zero.
  package func scale(norm: Double, weight: Double) -> Float {
    precondition(weight > 0, "a step whose samples weigh \(weight) has no mean gradient")
    return Float(coefficient(norm: norm) / weight)
  }
}
