package import Evaluation

/// Lowers the learning rate when a metric of the validation photos has stopped getting better, as
/// `torch.optim.lr_scheduler.ReduceLROnPlateau` does. After each epoch, with v the metric's value,
///
///     better:           v > best·(1 + 10⁻⁴); where lower is better, v < best·(1 − 10⁻⁴)
///     bad             ← 0 if better, and else bad + 1
///     if cooldown > 0:  cooldown ← cooldown − 1, bad ← 0
///     if bad > patience: factor ← max(factor·reduction, floor), cooldown ← its length, bad ← 0
///
/// The factor multiplies what the schedule gives, from the next step on. PyTorch's floor is a learning rate, and
/// it leaves out changes of less than 10⁻⁸.
///
/// It remembers `best`, `bad`, `cooldown` and `factor`. Without validation photos nothing happens.
package struct Plateau: EpochRule {
  package static let name = "plateau"
  package let metric: Metric
  /// Epochs without a better value that are borne.
  package let patience: Int
  /// What the learning rate is multiplied by.
  package let reduction: Double
  /// Epochs after a reduction that don't count.
  package let cooldown: Int
  /// The least that becomes of the factor.
  package let floor: Double

  private static let threshold = 1e-4

  package init(
    _ metric: Metric, patience: Int, reduction: Double = 0.1, cooldown: Int = 0, floor: Double = 0
  ) {
    self.metric = metric
    self.patience = patience
    self.reduction = reduction
    self.cooldown = cooldown
    self.floor = floor
  }

  package func epochEnded(
    _ epoch: EndedEpoch, memory: inout [String: Double]
  ) -> EpochDecision {
    guard let value = epoch.validation?[metric] else { return EpochDecision() }
    var (bad, resting) = (memory["bad"] ?? 0, memory["cooldown"] ?? 0)
    let factor = memory["factor"] ?? 1
    if isBetter(value, than: memory["best"]) {
      memory["best"] = value
      bad = 0
    } else {
      bad += 1
    }
    if resting > 0 { (resting, bad) = (resting - 1, 0) }
    let isDue = bad > Double(patience)
    if isDue { (resting, bad) = (Double(cooldown), 0) }
    let lowered = isDue ? max(factor * reduction, floor) : factor
    memory["bad"] = bad
    memory["cooldown"] = resting
    memory["factor"] = lowered
    return EpochDecision(learningRateFactor: lowered < factor ? lowered : nil)
  }

  private func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return !value.isNaN }
    return metric.direction == .lowerIsBetter
      ? value < best * (1 - Self.threshold) : value > best * (1 + Self.threshold)
  }
}
