/// The learning rate's shape over a training, as a factor of the optimizer's peak: a function of
/// the step and of the training's length, without memory.
package protocol Schedule: Sendable {
  /// The factor for a step.
  ///
  /// - Parameters:
  ///   - step: counts from 0. Beyond the last one, the last one's factor is given.
  ///   - length: of the training that the recipe's epochs give.
  func factor(step: Int, of length: TrainingLength) -> Double

  /// The optimizer's momentum at a step; nil where the schedule leaves it alone.
  func momentum(step: Int, of length: TrainingLength) -> Double?

  /// How long the learning rate goes up at first.
  var warmup: ScheduleDuration { get }
}

extension Schedule {
  package func momentum(step: Int, of length: TrainingLength) -> Double? { nil }

  /// A straight line up to the peak over w steps of warm-up, at a step s from 0 below w: (s + 1) / (w + 1), as
  /// PyTorch's `LinearLR(start_factor=1/(w+1), total_iters=w)`.
  func linearWarmup(step: Int, over steps: Int) -> Double {
    step < steps ? Double(step + 1) / Double(steps + 1) : 1
  }
}
