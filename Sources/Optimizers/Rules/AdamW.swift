import Glibc
package import Tensors

/// Adam with decoupled weight decay: Loshchilov and Hutter, "Decoupled Weight Decay
/// Regularization", ICLR 2019. With g the scaled gradient and η the learning rate, at step t
///
///     w ← w·(1 − η·decay)
///     m ← m + (1 − β₁)·(g − m)
///     v ← β₂·v + (1 − β₂)·g²
///     w ← w − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// in the order of `torch.optim.AdamW`: coefficients in Double, each rounded once to Float, then
/// Float for each element.
package struct AdamW: Optimizer {
  /// β₁: how much of the gradient's running mean stays at each step.
  package var firstBeta: Double
  /// β₂: how much of the squared gradient's running mean stays at each step.
  package var secondBeta: Double
  package var epsilon: Double
  package var weightDecay: Double
  /// Whether biases and the norms' scales and shifts decay too, which by default they don't.
  package var decaysVectors: Bool

  package init(
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 1e-2,
    decaysVectors: Bool = false
  ) {
    (firstBeta, secondBeta) = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
  }

  package var momentNames: [String] { ["exp_avg", "exp_avg_sq"] }

  /// β₁. The bias correction of a step is by the step's own, as PyTorch's.
  package var momentum: Double {
    get { firstBeta }
    set { firstBeta = newValue }
  }

  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, learningRate: Double,
    gradientScale: Float
  ) {
    precondition(step > 0, "AdamW counts steps from 1, not \(step)")
    layout.forEachParameter(of: range, decaysVectors: decaysVectors) { part, start, decays in
      let factors = Factors(
        self, decays: decays, step: step, learningRate: learningRate, gradientScale: gradientScale)
      factors.apply(
        part.count, weights: weights + start, gradient: gradient + start,
        mean: moments.pointer(0, to: part), square: moments.pointer(1, to: part))
    }
  }

  /// What all elements of an entry share in one step.
  private struct Factors {
    let gradientScale: Float
    let keptWeight: Float
    let meanShare: Float
    let keptSquare: Float
    let squareShare: Float
    let squareCorrection: Float
    let epsilon: Float
    let negativeStepSize: Float

    init(
      _ rule: AdamW, decays: Bool, step: Int, learningRate: Double, gradientScale: Float
    ) {
      self.gradientScale = gradientScale
      keptWeight = decays ? Float(1 - learningRate * rule.weightDecay) : 1
      meanShare = Float(1 - rule.firstBeta)
      keptSquare = Float(rule.secondBeta)
      squareShare = Float(1 - rule.secondBeta)
      squareCorrection = Float((1 - pow(rule.secondBeta, Double(step))).squareRoot())
      epsilon = Float(rule.epsilon)
      negativeStepSize = Float(-learningRate / (1 - pow(rule.firstBeta, Double(step))))
    }

    /// A plain loop for the compiler to vectorise. Swift never fuses a product with a sum by
    /// itself, so an element is rounded alike in a vector and in the loop's remainder.
    func apply(
      _ count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
      mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>
    ) {
      for i in 0..<count {
        let g = gradient[i] * gradientScale
        let m = mean[i] + meanShare * (g - mean[i])
        let v = keptSquare * square[i] + squareShare * g * g
        // v is never negative; said aloud, or the compiler calls the C function, which would report
        // a negative one, and leaves the loop unvectorised: 5 times slower.
        let divisor = max(v, 0).squareRoot() / squareCorrection + epsilon
        mean[i] = m
        square[i] = v
        weights[i] = weights[i] * keptWeight + negativeStepSize * m / divisor
      }
    }
  }
}
