import Glibc
package import Tensors

/// How far a net's answers are from a teacher's, both softened by a temperature T: Hinton, Vinyals and Dean,
/// "Distilling the knowledge in a neural network", 2015. For each sample
///
///     loss = T² · Σ_k t_k (log t_k − log p_k)        with p = softmax(z/T)
///     ∂loss/∂z_k = T · (p_k − t_k)
///
/// as PyTorch's `kl_div(log_softmax(z / T), t) * T²`.
///
/// - Parameters:
///   - logits: z `[N, K]`.
///   - teacher: t `[N, K]`, each row a distribution.
///   - weights: of each sample.
///   - gradient: `[N, K]`, to which Σ weight · ∂loss/∂logits is added; nil for none.
/// - Returns: Σ weight · loss.
package func distillation(
  _ logits: Tensor, teacher: [Float], weights: [Double], temperature: Double, gradient: Tensor?
) -> Double {
  let classes = logits.shape[1]
  var loss = 0.0
  for (sample, weight) in weights.enumerated() {
    let first = sample * classes
    for (k, logShare) in softened(logits, from: first, temperature: temperature).enumerated() {
      let share = Double(teacher[first + k])
      // What the teacher rules out adds nothing: 0·log 0.
      if share > 0 {
        loss += weight * temperature * temperature * share * (log(share) - logShare)
      }
      guard let gradient else { continue }
      gradient.pointer[first + k] += Float(weight * temperature * (exp(logShare) - share))
    }
  }
  return loss
}

/// softmax(z/T) of each row of logits `[N, K]`.
package func softenedProbabilities(of logits: Tensor, temperature: Double) -> [Float] {
  stride(from: 0, to: logits.count, by: logits.shape[1]).flatMap { first in
    softened(logits, from: first, temperature: temperature).map { Float(exp($0)) }
  }
}

/// log softmax(z/T) of the row that begins with this logit.
private func softened(_ logits: Tensor, from first: Int, temperature: Double) -> [Double] {
  let scaled = (0..<logits.shape[1]).map {
    Float(Double(logits.pointer[first + $0]) / temperature)
  }
  let logPartition = scaled.withUnsafeBufferPointer { LogitRow($0).logPartition }
  return scaled.map { Double($0) - logPartition }
}
