/// The peak, from the first step on or after a linear warm-up; that is the `constant` or the
/// `constant_with_warmup` of other trainers.
package struct ConstantSchedule: Schedule {
  /// Rounded down to steps.
  package var warmup: ScheduleDuration

  package init(warmup: ScheduleDuration = .steps(0)) { self.warmup = warmup }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    precondition(step >= 0 && length.steps > 0, "step \(step) of \(length.steps)")
    let step = min(step, length.steps - 1)
    return linearWarmup(step: step, over: warmup.wholeSteps(of: length))
  }
}
