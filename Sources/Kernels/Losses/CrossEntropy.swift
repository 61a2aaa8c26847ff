import Glibc
package import Tensors

/// Softmax cross-entropy with label smoothing ε (Szegedy et al., 2016), summed over the samples:
/// `loss = −Σ_k q_k log p_k` with `q = (1 − ε)·onehot + ε/K`, as PyTorch defines it. A sample with
/// two labels has `λ·onehot(first) + (1 − λ)·onehot(second)` in the place of `onehot`, as PyTorch
/// has it for targets that are probabilities.
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - second: the other label of each sample and λ, 0...1; nil where no sample is mixed, which
///     gives the bits of second labels that have no share or are the first again.
///   - weights: one for each sample, or nil for ones.
///   - gradient: `[N, K]`, overwritten with Σ weight · ∂loss/∂logits, not divided by anything.
package func crossEntropy(
  _ logits: Tensor, labels: [Int], second: (labels: [Int], firstShares: [Float])? = nil,
  weights: [Float]?, smoothing: Float, gradient: Tensor?
) -> LossSums {
  let classes = logits.shape[1]
  precondition(logits.shape[0] == labels.count, "\(labels.count) labels for \(logits.shape)")
  var sums = LossSums()
  for (sample, label) in labels.enumerated() {
    let row = UnsafeBufferPointer(start: logits.pointer + sample * classes, count: classes)
    var best = 0
    for k in 1..<max(classes, 1) where row[k] > row[best] { best = k }
    let largest = Double(row[best])
    var partition = 0.0
    var total = 0.0
    for value in row {
      partition += exp(Double(value) - largest)
      total += Double(value)
    }
    let logPartition = largest + log(partition)
    let smooth = Double(smoothing)
    let other = second?.labels[sample] ?? label
    let otherShare = other == label ? 0 : 1 - Double(second?.firstShares[sample] ?? 1)
    // −λ·log p_first − (1 − λ)·log p_second, so that a sample with one label gets its plain bits.
    var surprise = logPartition - Double(row[label])
    if otherShare > 0 { surprise += otherShare * (Double(row[label]) - Double(row[other])) }
    let loss = (1 - smooth) * surprise + smooth * (logPartition - total / Double(classes))
    let weight = Double(weights?[sample] ?? 1)
    sums.loss += weight * loss
    sums.weight += weight
    if best == (otherShare > 0.5 ? other : label) { sums.correct += 1 }
    guard let gradient else { continue }
    for k in 0..<classes {
      // Shares of one and zero are exact factors: here, too, the bits are the plain ones.
      let share = (k == label ? 1 - otherShare : 0) + (k == other ? otherShare : 0)
      let target = smooth / Double(classes) + (1 - smooth) * share
      gradient.pointer[sample * classes + k] = Float(
        weight * (exp(Double(row[k]) - logPartition) - target))
    }
  }
  return sums
}
