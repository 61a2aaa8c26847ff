import Glibc
package import Tensors

/// Binary cross-entropy of a sigmoid for each class, with weights of what is there and label smoothing, summed over the
/// samples:
///
///     loss = c·Σ_k [w_k·q̃_k·(−log σ(z_k)) + (1 − q̃_k)·(−log(1 − σ(z_k)))]      c = 1/K, or 1
///
/// as PyTorch's `binary_cross_entropy_with_logits` has it, w being its `pos_weight`. ε is spread evenly over what a
/// sample may be: of one label that is the K classes, q̃ = (1 − ε)·q + ε/K, as in timm's `BinaryCrossEntropy`; of
/// several, each is there or not, q̃ = (1 − ε)·q + ε/2, as in Keras' `BinaryCrossentropy`.
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - targets: with several labels, a row of `softLabels` says of each class how much it is there, 0...1, and
///     sums to anything.
///   - positiveWeights: w, of each class; nil for ones.
///   - sumsClasses: whether a sample's loss is the sum over the classes, and not their mean.
///   - hasSeveralLabels: whether the classes of a sample don't exclude each other. A sample is then recognised
///     where exactly the classes with more than half a share have z ≥ 0.
///   - gradient: `[N, K]`, overwritten with Σ weight · ∂loss/∂logits, not divided by anything.
package func binaryCrossEntropy(
  _ logits: Tensor, _ targets: LossTargets, positiveWeights: [Float]?, smoothing: Float,
  sumsClasses: Bool, hasSeveralLabels: Bool, gradient: Tensor?
) -> LossSums {
  let classes = logits.shape[1]
  precondition(
    logits.shape[0] == targets.labels.count,
    "\(targets.labels.count) labels for \(logits.shape)")
  let smooth = Double(smoothing)
  let even = smooth / (hasSeveralLabels ? 2 : Double(classes))
  let share = sumsClasses ? 1 : 1 / Double(classes)
  var sums = LossSums()
  var target = Shares(classes: classes)
  for sample in targets.labels.indices {
    let row = UnsafeBufferPointer(start: logits.pointer + sample * classes, count: classes)
    target.set(sample, of: targets, hasSeveralLabels: hasSeveralLabels)
    let weight = Double(targets.weights?[sample] ?? 1)
    var (loss, best, hits) = (0.0, 0, 0)
    for (k, own) in target.values.enumerated() {
      let z = Double(row[k])
      // Neither −log σ(z) nor −log(1 − σ(z)) overflows where the other is large.
      let odds = exp(-abs(z))
      let rest = log1p(odds)
      let there = Double(positiveWeights?[k] ?? 1) * (even + (1 - smooth) * own)
      let away = 1 - (even + (1 - smooth) * own)
      loss += there * (max(-z, 0) + rest) + away * (max(z, 0) + rest)
      if row[k] > row[best] { best = k }
      if (z >= 0) == (own > 0.5) { hits += 1 }
      let (smaller, larger) = (odds / (1 + odds), 1 / (1 + odds))
      gradient?.pointer[sample * classes + k] = Float(
        weight * share
          * (away * (z >= 0 ? larger : smaller) - there * (z >= 0 ? smaller : larger)))
    }
    sums.loss += weight * share * loss
    sums.weight += weight
    if hasSeveralLabels ? hits == classes : best == target.label { sums.correct += 1 }
  }
  return sums
}
