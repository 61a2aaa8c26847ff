/// What makes one checkpoint better than another, on the validation photos.
package enum SelectionMetric: String, CaseIterable, Sendable {
  case macroF1 = "macro-f1"
  case accuracy
  case balancedAccuracy = "balanced-accuracy"
  case loss

  package func value(_ scores: Scores) -> Double {
    switch self {
    case .macroF1: scores.macroF1
    case .accuracy: scores.accuracy
    case .balancedAccuracy: scores.balancedAccuracy
    case .loss: scores.loss
    }
  }

  /// Whether `new` is strictly better, so that of equals the first stays. No number is worse than any.
  package func prefers(_ new: Double, to old: Double) -> Bool {
    if new.isNaN || old.isNaN { return !new.isNaN }
    return self == .loss ? new < old : new > old
  }
}
