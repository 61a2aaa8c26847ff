/// The learning rate's shape over a training, as a factor of the optimizer's peak: a function of
/// the step and of the training's length, without memory.
package protocol Schedule: Sendable {
  /// The factor for a step.
  ///
  /// - Parameters:
  ///   - step: counts from 0. Beyond the last one, the last one's factor is given.
  ///   - total: steps that the recipe's epochs give; at least 1.
  func factor(step: Int, of total: Int) -> Double

  /// The optimizer's momentum at a step; nil where the schedule leaves it alone.
  func momentum(step: Int, of total: Int) -> Double?
}

extension Schedule {
  package func momentum(step: Int, of total: Int) -> Double? { nil }
}

/// The peak throughout.
package struct ConstantSchedule: Schedule {
  package init() {}
  package func factor(step: Int, of total: Int) -> Double { 1 }
}
