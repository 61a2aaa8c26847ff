import Glibc

/// What a softmax needs to know of a sample's logits, in Double.
struct LogitRow {
  /// The class of the largest logit, the first of equals.
  let best: Int
  /// log Σ_k exp z_k, so that log p_k is z_k less this.
  let logPartition: Double
  /// Σ_k z_k
  let total: Double

  init(_ row: UnsafeBufferPointer<Float>) {
    var best = 0
    for k in 1..<max(row.count, 1) where row[k] > row[best] { best = k }
    let largest = Double(row[best])
    var partition = 0.0
    var total = 0.0
    for value in row {
      partition += exp(Double(value) - largest)
      total += Double(value)
    }
    self.best = best
    logPartition = largest + log(partition)
    self.total = total
  }
}
