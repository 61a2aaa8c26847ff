package import Evaluation

/// Finds the best epoch by a metric of the validation photos; of equals, the first. Without such
/// photos, none is.
///
/// It remembers the best `value` and the `step` that it was measured after.
package struct BestEpoch: EpochRule {
  package static let name = "best"
  package let metric: Metric

  package init(by metric: Metric) { self.metric = metric }

  package func epochEnded(
    _ epoch: EndedEpoch, memory: inout [String: Double]
  ) -> EpochDecision {
    guard let value = epoch.validation?[metric] else { return EpochDecision() }
    if let best = memory["value"], !metric.prefers(value, to: best) { return EpochDecision() }
    memory = ["value": value, "step": Double(epoch.step)]
    return EpochDecision(isBest: true)
  }
}
