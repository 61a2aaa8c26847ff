package import Tensors

/// Steps of one length for all elements, along the sign of a mean of gradients: Chen et al., "Symbolic discovery
/// of optimization algorithms", NeurIPS 2023. With g the scaled gradient and η the learning rate
///
///     w ← w·(1 − η·decay)
///     w ← w − η·sign(m + (1 − β₁)·(g − m))
///     m ← m + (1 − β₂)·(g − m)
///
/// in the order of timm's `Lion`. It remembers half of what AdamW does; its learning rate is a third to a tenth
/// of AdamW's, and its decay three to ten times as large.
package struct Lion: Optimizer {
  /// β₁: how much of the gradient's running mean is in a step.
  package var firstBeta: Double
  /// β₂: how much of it stays at each step.
  package var secondBeta: Double
  package var weightDecay: Double
  /// Whether biases and the norms' scales and shifts decay too, which by default they don't.
  package var decaysVectors: Bool

  package init(
    betas: (Double, Double) = (0.9, 0.99), weightDecay: Double = 1e-2, decaysVectors: Bool = false
  ) {
    (firstBeta, secondBeta) = betas
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
  }

  package var momentNames: [String] { ["exp_avg"] }

  package var momentum: Double {
    get { firstBeta }
    set { firstBeta = newValue }
  }

  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, learningRate: Double,
    gradientScale: Float
  ) {
    layout.forEachParameter(of: range, decaysVectors: decaysVectors) { part, start, decays in
      update(
        part.count, weights: weights + start, gradient: gradient + start,
        mean: moments.pointer(0, to: part),
        keptWeight: decays ? Float(1 - learningRate * weightDecay) : 1,
        stepSize: Float(learningRate), scale: gradientScale)
    }
  }

  /// A plain loop for the compiler to vectorise; Swift never fuses a product with a sum by itself.
  private func update(
    _ count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    mean: UnsafeMutablePointer<Float>, keptWeight: Float, stepSize: Float, scale: Float
  ) {
    let (ahead, share) = (Float(1 - firstBeta), Float(1 - secondBeta))
    for i in 0..<count {
      let change = gradient[i] * scale - mean[i]
      let direction = mean[i] + ahead * change
      mean[i] += share * change
      // Nothing is no direction: an element that never had a gradient stays where it is.
      let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : 0
      weights[i] = weights[i] * keptWeight - stepSize * sign
    }
  }
}
