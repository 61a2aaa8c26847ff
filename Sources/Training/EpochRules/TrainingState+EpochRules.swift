package import Checkpoints
import EpochRules

extension TrainingState {
  /// Lets a rule look at an epoch's end, with what it remembers.
  mutating func apply(_ rule: some EpochRule, to epoch: EndedEpoch) -> EpochDecision {
    let name = type(of: rule).name
    var memory = rules[name] ?? [:]
    defer { rules[name] = memory.isEmpty ? nil : memory }
    return rule.epochEnded(epoch, memory: &memory)
  }

  /// What the first weights had of the metric that chooses epochs; nil where they weren't validated.
  package internal(set) var scoreAtStart: Double? {
    get { rules["start"]?["value"] }
    set { rules["start"] = newValue.map { ["value": $0] } }
  }
}
