package import Evaluation

/// Ends a training when a metric of the validation photos hasn't got better for some epochs, as
/// `keras.callbacks.EarlyStopping` does. After each epoch, with v the metric's value,
///
///     better:  v > best + δ; where lower is better, v < best − δ
///     waited ← 0 if better, and else waited + 1
///     the training ends if waited = patience
///
/// It remembers `best`, `waited`, and `stopped`, so that nobody goes on with what has ended. The best epoch's
/// checkpoint is kept, as always. Without validation photos nothing happens.
package struct EarlyStopping: EpochRule {
  package static let name = "early-stopping"
  package let metric: Metric
  /// Epochs without a better value after which the training ends; 1 or more.
  package let patience: Int
  /// δ: by how much a value has to be better, to count as such.
  package let leastChange: Double

  package init(_ metric: Metric, patience: Int, leastChange: Double = 0) {
    self.metric = metric
    self.patience = patience
    self.leastChange = leastChange
  }

  package func epochEnded(
    _ epoch: EndedEpoch, memory: inout [String: Double]
  ) -> EpochDecision {
    guard let value = epoch.validation?[metric] else { return EpochDecision() }
    if isBetter(value, than: memory["best"]) {
      memory = ["best": value, "waited": 0]
      return EpochDecision()
    }
    let waited = (memory["waited"] ?? 0) + 1
    memory["waited"] = waited
    guard waited >= Double(patience) else { return EpochDecision() }
    memory["stopped"] = 1
    return EpochDecision(
      stop: EarlyStop(metric: metric, best: memory["best"], epochs: Int(waited)))
  }

  private func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return !value.isNaN }
    return metric.direction == .lowerIsBetter
      ? value < best - leastChange : value > best + leastChange
  }
}

/// Why a training ends before its last epoch.
package struct EarlyStop: Equatable, Sendable {
  package let metric: Metric
  /// The best value that it had; nil where none was a number.
  package let best: Double?
  /// Epochs since then.
  package let epochs: Int

  package init(metric: Metric, best: Double?, epochs: Int) {
    self.metric = metric
    self.best = best
    self.epochs = epochs
  }
}
