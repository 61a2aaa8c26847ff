import Glibc
package import Tensors

/// Focal loss (Lin et al., "Focal loss for dense object detection", 2017) with weights of classes and label
/// smoothing, summed over the samples:
///
///     loss = Σ_k α·w_k·q̃_k·(1 − p_k)^γ·(−log p_k)      q̃ = (1 − ε)·q + ε/K
///
/// as Keras' `CategoricalFocalCrossentropy` has it, with α_k = α·w_k. With γ = 0 it is cross-entropy with weights of
/// classes, as PyTorch's.
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - classWeights: w, of each class; nil for ones.
///   - alpha: a factor of the loss, and not of the sum's weight.
///   - countsSamples: whether the sum's weight is that of the samples alone, and not times Σ_k w_k·q_k.
///   - gradient: `[N, K]`, overwritten with Σ weight · ∂loss/∂logits, not divided by anything.
package func focalCrossEntropy(
  _ logits: Tensor, _ targets: LossTargets, classWeights: [Float]?, smoothing: Float,
  alpha: Double = 1, gamma: Double, countsSamples: Bool, gradient: Tensor?
) -> LossSums {
  let classes = logits.shape[1]
  precondition(
    logits.shape[0] == targets.labels.count,
    "\(targets.labels.count) labels for \(logits.shape)")
  let smooth = Double(smoothing)
  let classWeights = classWeights?.map(Double.init) ?? [Double](repeating: 1, count: classes)
  var sums = LossSums()
  var target = Shares(classes: classes)
  /// w_k·q̃_k times the slope of (1 − p)^γ·(−log p) by log p.
  var slopes = [Double](repeating: 0, count: classes)
  for sample in targets.labels.indices {
    let row = UnsafeBufferPointer(start: logits.pointer + sample * classes, count: classes)
    let softmax = LogitRow(row)
    target.set(sample, of: targets)
    let weight = Double(targets.weights?[sample] ?? 1)
    var (loss, whole, slope) = (0.0, 0.0, 0.0)
    for (k, share) in target.values.enumerated() {
      let logP = Double(row[k]) - softmax.logPartition
      let focus = Focus(logP: logP, gamma: gamma)
      let factor = alpha * classWeights[k] * (smooth / Double(classes) + (1 - smooth) * share)
      loss += factor * focus.loss
      slopes[k] = factor * focus.slope
      slope += slopes[k]
      whole += classWeights[k] * share
    }
    sums.loss += weight * loss
    sums.weight += countsSamples ? weight : weight * whole
    if softmax.best == target.label { sums.correct += 1 }
    guard let gradient else { continue }
    for k in 0..<classes {
      // ∂log p_j/∂z_k is 1 for j = k, less p_k.
      let p = exp(Double(row[k]) - softmax.logPartition)
      gradient.pointer[sample * classes + k] = Float(weight * (slopes[k] - p * slope))
    }
  }
  return sums
}
