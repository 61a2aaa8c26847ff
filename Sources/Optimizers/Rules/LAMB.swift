import Glibc
package import Tensors

/// Adam whose step on each matrix or filter bank is as long as the weights there are, for large batches: You et
/// al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", ICLR 2020. With g the scaled
/// gradient and η the learning rate, at step t
///
///     m ← m + (1 − β₁)·(g − m)
///     v ← β₂·v + (1 − β₂)·g²
///     u = m/(1 − β₁ᵗ) / (√v/√(1 − β₂ᵗ) + ε) + decay·w
///     w ← w − η·r·u,  r = ‖w‖/‖u‖ over all of the parameter; 1 where either is zero
///
/// in the order of timm's `Lamb`, without its own clipping. Biases and the norms' scales and shifts neither decay nor get a
/// length (r = 1), unless `decaysVectors`. With a decay of zero timm leaves r out everywhere; here, matrices have it always.
package struct LAMB: LayerwiseOptimizer {
  /// β₁: how much of the gradient's running mean stays at each step.
  package var firstBeta: Double
  /// β₂: how much of the squared gradient's running mean stays at each step.
  package var secondBeta: Double
  package var epsilon: Double
  package var weightDecay: Double
  /// Whether biases and the norms' scales and shifts decay and get a length too, which by default they don't.
  package var decaysVectors: Bool

  package init(
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-6, weightDecay: Double = 1e-2,
    decaysVectors: Bool = false
  ) {
    (firstBeta, secondBeta) = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
  }

  package var momentNames: [String] { ["exp_avg", "exp_avg_sq"] }

  package var momentum: Double {
    get { firstBeta }
    set { firstBeta = newValue }
  }

  package func measure(
    _ block: Range<Int>, of entry: FlatEntry, weights: UnsafePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, gradientScale: Float
  ) -> LayerSums {
    let part = block.clamped(to: entry.range)
    let (mean, square) = (moments.pointer(0, to: part), moments.pointer(1, to: part))
    updateMoments(
      part.count, gradient: gradient, mean: mean, square: square, scale: gradientScale)
    guard hasLength(entry) else { return LayerSums() }
    let direction = Direction(self, decays: hasLength(entry), step: step)
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: block.count) { steps in
      guard let base = steps.baseAddress else { return LayerSums() }
      base.initialize(repeating: 0, count: block.count)
      for i in 0..<part.count { base[i] = direction(weights[i], mean[i], square[i]) }
      return LayerSums(
        weights: sumOfSquares(weights, count: block.count),
        steps: sumOfSquares(base, count: block.count))
    }
  }

  package func move(
    _ block: Range<Int>, of entry: FlatEntry, weights: UnsafeMutablePointer<Float>,
    moments: ShardedMoments, step: Int, learningRate: Double, sums: LayerSums
  ) {
    let part = block.clamped(to: entry.range)
    let (mean, square) = (moments.pointer(0, to: part), moments.pointer(1, to: part))
    let direction = Direction(self, decays: hasLength(entry), step: step)
    let ratio =
      sums.weights > 0 && sums.steps > 0
      ? sums.weights.squareRoot() / sums.steps.squareRoot() : 1
    let stepSize = Float(learningRate * (hasLength(entry) ? ratio : 1))
    for i in 0..<part.count {
      weights[i] -= stepSize * direction(weights[i], mean[i], square[i])
    }
  }

  /// Whether r applies to a parameter, and decay.
  private func hasLength(_ entry: FlatEntry) -> Bool { entry.kind == .weight || decaysVectors }

  /// A plain loop for the compiler to vectorise; Swift never fuses a product with a sum by itself.
  private func updateMoments(
    _ count: Int, gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    square: UnsafeMutablePointer<Float>, scale: Float
  ) {
    let meanShare = Float(1 - firstBeta)
    let (keptSquare, squareShare) = (Float(secondBeta), Float(1 - secondBeta))
    for i in 0..<count {
      let g = gradient[i] * scale
      mean[i] += meanShare * (g - mean[i])
      square[i] = keptSquare * square[i] + squareShare * g * g
    }
  }

  /// u of an element: the same for its sum and for its step.
  private struct Direction {
    let meanCorrection: Float
    let squareCorrection: Float
    let epsilon: Float
    let decay: Float

    init(_ rule: LAMB, decays: Bool, step: Int) {
      precondition(step > 0, "LAMB counts steps from 1, not \(step)")
      meanCorrection = Float(1 - pow(rule.firstBeta, Double(step)))
      squareCorrection = Float((1 - pow(rule.secondBeta, Double(step))).squareRoot())
      epsilon = Float(rule.epsilon)
      decay = decays ? Float(rule.weightDecay) : 0
    }

    func callAsFunction(_ weight: Float, _ mean: Float, _ square: Float) -> Float {
      // v is never negative; said aloud so that the loop is vectorised, see AdamW.
      let divisor = max(square, 0).squareRoot() / squareCorrection + epsilon
      return mean / meanCorrection / divisor + decay * weight
    }
  }
}
