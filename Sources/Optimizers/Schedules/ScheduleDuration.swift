/// A part of a training, in one of three measures. A recipe has them as `10ep`, `500st`, `20%`.
package enum ScheduleDuration: Equatable, Sendable {
  case epochs(Double)
  case steps(Int)
  /// Of all steps, 0 … 1.
  case share(Double)

  /// In steps, of which there needn't be a whole number.
  package func steps(of length: TrainingLength) -> Double {
    switch self {
    case .epochs(let count): count * Double(length.stepsPerEpoch)
    case .steps(let count): Double(count)
    case .share(let share): share * Double(length.steps)
    }
  }

  /// The same rounded down.
  package func wholeSteps(of length: TrainingLength) -> Int { Int(steps(of: length)) }
}

/// How long a training is: with the step, what schedules are functions of.
package struct TrainingLength: Equatable, Sendable {
  /// That the recipe's epochs give; at least 1.
  package let steps: Int
  package let stepsPerEpoch: Int

  package init(steps: Int, stepsPerEpoch: Int) {
    self.steps = steps
    self.stepsPerEpoch = stepsPerEpoch
  }
}
