import Checkpoints
import EpochRules

extension TrainingState {
  /// Lets a rule look at an epoch's end, with what it remembers.
  mutating func apply(_ rule: some EpochRule, to epoch: EndedEpoch) -> EpochDecision {
    let name = type(of: rule).name
    var memory = rules[name] ?? [:]
    defer { rules[name] = memory.isEmpty ? nil : memory }
    return rule.epochEnded(epoch, memory: &memory)
  }
}
