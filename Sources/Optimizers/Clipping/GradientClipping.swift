/// Clipping of the mean gradient of a whole step: by its global norm, as `torch.nn.utils.clip_grad_norm_`, or
/// element by element, as `clip_grad_value_`. One of them at most.
package struct GradientClipping: Sendable {
  /// The norm above which a gradient is shortened; none leaves all as they are.
  package var maximumNorm: Double?
  /// How far from 0 an element of the mean gradient may be; none leaves all as they are.
  package var maximumValue: Double?

  package init(maximumNorm: Double? = nil, maximumValue: Double? = nil) {
    precondition(maximumNorm == nil || maximumValue == nil, "clipping by norm and by value")
    self.maximumNorm = maximumNorm
    self.maximumValue = maximumValue
  }

  /// Whether gradients are clipped at all.
  package var isOn: Bool { maximumNorm != nil || maximumValue != nil }

  /// Whether a mean gradient of this norm and largest absolute element is changed.
  package func acts(norm: Double, largest: Double) -> Bool {
    coefficient(norm: norm) < 1 || largest > maximumValue ?? .infinity
  }

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

  /// Clamps elements of a summed gradient where the mean is to be within ±`maximumValue`: to that times
  /// `weight`. Optimizers needn't know of it, and a gradient that isn't clipped isn't read once more.
  package func clamp(_ sums: UnsafeMutablePointer<Float>, count: Int, weight: Double) {
    guard let maximumValue else { return }
    let limit = Float(maximumValue * weight)
    for i in 0..<count { sums[i] = max(-limit, min(sums[i], limit)) }
  }
}
