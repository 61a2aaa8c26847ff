import Glibc
package import Tensors

/// Focal loss of whole samples: what a sample loses by weighted cross-entropy is taken for −log of its
/// probability,
///
///     loss = Σ_k q_k·α·(1 − e^(−c_k))^γ·c_k      c_k = Σ_j w_j·((1 − ε)·[j = k] + ε/K)·(−log p_j)
///
/// as in many PyTorch programs, which take `F.cross_entropy(weight=…, reduction="none")` to the power. Weights and
/// smoothing thus change what is called hard. Of two labels it is the mixture of both losses.
///
/// - Parameters: as those of `focalCrossEntropy`.
package func sampleFocalLoss(
  _ logits: Tensor, _ targets: LossTargets, classWeights: [Float]?, smoothing: Float,
  alpha: Double, gamma: Double, gradient: Tensor?
) -> LossSums {
  let classes = logits.shape[1]
  precondition(
    logits.shape[0] == targets.labels.count,
    "\(targets.labels.count) labels for \(logits.shape)")
  let smooth = Double(smoothing)
  let even = smooth / Double(classes)
  let classWeights = classWeights?.map(Double.init) ?? [Double](repeating: 1, count: classes)
  let allWeights = classWeights.reduce(0, +)
  var sums = LossSums()
  var target = Shares(classes: classes)
  /// Of each label, q_k times the slope of its loss by c_k.
  var slopes = [Double](repeating: 0, count: classes)
  for sample in targets.labels.indices {
    let row = UnsafeBufferPointer(start: logits.pointer + sample * classes, count: classes)
    let softmax = LogitRow(row)
    target.set(sample, of: targets)
    let weight = Double(targets.weights?[sample] ?? 1)
    func surprise(_ k: Int) -> Double { softmax.logPartition - Double(row[k]) }
    let evenLoss = classWeights.indices.reduce(0) { $0 + classWeights[$1] * surprise($1) }
    var (loss, slope, weighted) = (0.0, 0.0, 0.0)
    for (k, share) in target.values.enumerated() {
      slopes[k] = 0
      if share == 0 { continue }
      let c = (1 - smooth) * classWeights[k] * surprise(k) + even * evenLoss
      let focus = Focus(logP: -c, gamma: gamma)
      loss += alpha * share * focus.loss
      // By c, and not by log p, which is −c.
      slopes[k] = -alpha * share * focus.slope
      slope += slopes[k]
      weighted += slopes[k] * classWeights[k]
    }
    sums.loss += weight * loss
    sums.weight += weight
    if softmax.best == target.label { sums.correct += 1 }
    guard let gradient else { continue }
    for k in 0..<classes {
      let p = exp(-surprise(k))
      let whole = (1 - smooth) * weighted + even * allWeights * slope
      let own = (1 - smooth) * slopes[k] * classWeights[k] + even * classWeights[k] * slope
      gradient.pointer[sample * classes + k] = Float(weight * (p * whole - own))
    }
  }
  return sums
}
