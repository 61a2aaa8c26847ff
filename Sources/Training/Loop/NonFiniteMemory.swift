package import Checkpoints
package import Optimizers

/// What a training remembers of steps that weren't finite.
struct NonFiniteMemory: Equatable {
  /// Such steps since the last finite one.
  var inARow = 0
  /// All such steps.
  var passedOver = 0
  /// What the learning rate is multiplied by.
  var learningRateFactor = 1.0

  /// A step was applied.
  mutating func endRow() { inARow = 0 }

  /// A step wasn't finite: gives whether it is passed over.
  mutating func passesOver(by policy: NonFinitePolicy) -> Bool {
    guard policy != .stop, inARow < NonFinitePolicy.mostInARow else { return false }
    inARow += 1
    passedOver += 1
    if case .lower(let factor) = policy { learningRateFactor *= factor }
    return true
  }
}

extension TrainingState {
  private static let rule = "non-finite"

  /// Forgets such steps, for a training by another recipe. A learning rate that was lowered stays so where the recipe
  /// would lower it, too.
  package mutating func forgetNonFinite(under policy: NonFinitePolicy) {
    var memory = NonFiniteMemory()
    if case .lower = policy { memory.learningRateFactor = nonFinite.learningRateFactor }
    nonFinite = memory
  }

  /// Not in the file as long as all steps were finite.
  var nonFinite: NonFiniteMemory {
    get {
      guard let kept = rules[Self.rule] else { return NonFiniteMemory() }
      return NonFiniteMemory(
        inARow: Int(exactly: kept["in_a_row"] ?? 0) ?? 0,
        passedOver: Int(exactly: kept["passed_over"] ?? 0) ?? 0,
        learningRateFactor: kept["learning_rate_factor"] ?? 1)
    }
    set {
      guard newValue != NonFiniteMemory() else { return rules[Self.rule] = nil }
      rules[Self.rule] = [
        "in_a_row": Double(newValue.inARow), "passed_over": Double(newValue.passedOver),
        "learning_rate_factor": newValue.learningRateFactor,
      ]
    }
  }
}
