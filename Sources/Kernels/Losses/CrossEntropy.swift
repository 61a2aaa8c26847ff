import Glibc
package import Tensors

/// A batch's cross-entropy, as sums over its samples.
package struct CrossEntropySums: Equatable, Sendable {
  /// Σ weight · loss.
  package var loss: Double = 0
  /// Σ weight.
  package var weight: Double = 0
  /// Samples whose largest logit (the first of equals) is the label's.
  package var correct: Int = 0
}

/// Softmax cross-entropy with label smoothing ε (Szegedy et al., 2016), summed over the samples:
/// `loss = −Σ_k q_k log p_k` with `q = (1 − ε)·onehot + ε/K`, as PyTorch defines it.
///
/// - Parameters:
///   - logits: `[N, K]`.
///   - weights: one for each sample, or nil for ones.
///   - gradient: `[N, K]`, overwritten with Σ weight · ∂loss/∂logits, not divided by anything.
package func crossEntropy(
  _ logits: Tensor, labels: [Int], weights: [Float]?, smoothing: Float, gradient: Tensor?
) -> CrossEntropySums {
  let classes = logits.shape[1]
  precondition(logits.shape[0] == labels.count, "\(labels.count) labels for \(logits.shape)")
  var sums = CrossEntropySums()
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
    let loss =
      (1 - smooth) * (logPartition - Double(row[label]))
      + smooth * (logPartition - total / Double(classes))
    let weight = Double(weights?[sample] ?? 1)
    sums.loss += weight * loss
    sums.weight += weight
    if best == label { sums.correct += 1 }
    guard let gradient else { continue }
    for k in 0..<classes {
      let target = smooth / Double(classes) + (k == label ? 1 - smooth : 0)
      gradient.pointer[sample * classes + k] = Float(
        weight * (exp(Double(row[k]) - logPartition) - target))
    }
  }
  return sums
}
