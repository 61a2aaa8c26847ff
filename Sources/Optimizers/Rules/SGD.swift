package import Tensors

/// Stochastic gradient descent with momentum: Sutskever et al., "On the importance of initialization
/// and momentum in deep learning", ICML 2013, as `torch.optim.SGD` without dampening. With g the scaled
/// gradient and η the learning rate
///
///     g ← g + decay·w
///     b ← μ·b + g
///     w ← w − η·(g + μ·b)      with Nesterov's momentum
///     w ← w − η·b              without
///
/// The decay is part of the gradient, and so of the momentum: with adaptive learning rates such as
/// AdamW's it is not.
package struct SGD: Optimizer {
  /// μ: how much of the gradients' running sum stays at each step.
  package var momentum: Double
  package var isNesterov: Bool
  package var weightDecay: Double
  /// Whether biases and the norms' scales and shifts decay too, which by default they don't.
  package var decaysVectors: Bool

  package init(
    momentum: Double = 0.9, isNesterov: Bool = true, weightDecay: Double = 1e-4,
    decaysVectors: Bool = false
  ) {
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
  }

  package var momentNames: [String] { ["momentum_buffer"] }

  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, learningRate: Double,
    gradientScale: Float
  ) {
    layout.forEachParameter(of: range, decaysVectors: decaysVectors) { part, start, decays in
      update(
        part.count, weights: weights + start, gradient: gradient + start,
        sum: moments.pointer(0, to: part), decay: Float(decays ? weightDecay : 0),
        stepSize: Float(learningRate), scale: gradientScale)
    }
  }

  /// A plain loop for the compiler to vectorise; Swift never fuses a product with a sum by itself.
  private func update(
    _ count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Float>, decay: Float, stepSize: Float, scale: Float
  ) {
    let kept = Float(momentum)
    // Of g and of b in a step: without Nesterov's momentum, b alone.
    let (own, ahead): (Float, Float) = isNesterov ? (1, kept) : (0, 1)
    for i in 0..<count {
      let g = gradient[i] * scale + decay * weights[i]
      let b = kept * sum[i] + g
      sum[i] = b
      weights[i] -= stepSize * (own * g + ahead * b)
    }
  }
}
