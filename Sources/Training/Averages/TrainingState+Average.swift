package import Checkpoints

extension TrainingState {
  private static let rule = "average"

  /// How often the average of the weights was updated; 0: there is none yet.
  package var averageUpdates: Int {
    get { rules[Self.rule]?["updates"].flatMap { Int(exactly: $0) } ?? 0 }
    set { rules[Self.rule] = newValue == 0 ? nil : ["updates": Double(newValue)] }
  }
}
