import Glibc
package import Tensors

/// Softmax cross-entropy with label smoothing ε (Szegedy et al., 2016), summed over the samples:
/// `loss = −Σ_k q_k log p_k` with `q = (1 − ε)·onehot + ε/K`, as PyTorch defines it. A sample with
/// two labels has `λ·onehot(first) + (1 − λ)·onehot(second)` in the place of `onehot`, and one with a soft
/// label the shares of its classes, as PyTorch has it for targets that are probabilities.
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - gradient: `[N, K]`, overwritten with Σ weight · ∂loss/∂logits, not divided by anything.
package func crossEntropy(
  _ logits: Tensor, _ targets: LossTargets, smoothing: Float, gradient: Tensor?
) -> LossSums {
  let classes = logits.shape[1]
  precondition(
    logits.shape[0] == targets.labels.count,
    "\(targets.labels.count) labels for \(logits.shape)")
  let smooth = Double(smoothing)
  var sums = LossSums()
  var target = Shares(classes: classes)
  for sample in targets.labels.indices {
    let row = UnsafeBufferPointer(start: logits.pointer + sample * classes, count: classes)
    let softmax = LogitRow(row)
    target.set(sample, of: targets)
    // −Σ_k q_k·log p_k, so that a sample whose other classes have no share gets its plain bits.
    let own = Double(row[target.label])
    var surprise = softmax.logPartition - own
    for (k, share) in target.values.enumerated() where share > 0 && k != target.label {
      surprise += share * (own - Double(row[k]))
    }
    let loss =
      (1 - smooth) * surprise + smooth * (softmax.logPartition - softmax.total / Double(classes))
    let weight = Double(targets.weights?[sample] ?? 1)
    sums.loss += weight * loss
    sums.weight += weight
    if softmax.best == target.label { sums.correct += 1 }
    guard let gradient else { continue }
    for (k, share) in target.values.enumerated() {
      // Shares of one and zero are exact factors: here, too, the bits are the plain ones.
      let smoothed = smooth / Double(classes) + (1 - smooth) * share
      gradient.pointer[sample * classes + k] = Float(
        weight * (exp(Double(row[k]) - softmax.logPartition) - smoothed))
    }
  }
  return sums
}
