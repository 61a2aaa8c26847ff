/// Steps down by a factor γ, every so often or at certain times, after a linear warm-up. With k such times up to
/// step s, counted from the training's start, and w warm-up steps
///
///     min(1, (s + 1) / (w + 1)) · γᵏ
///
/// as PyTorch's `StepLR(step_size, gamma)` or `MultiStepLR(milestones, gamma)`, chained with
/// `LinearLR(start_factor=1/(w+1), total_iters=w)`.
package struct StepSchedule: Schedule {
  package enum Times: Equatable, Sendable {
    case every(ScheduleDuration)
    /// From the start.
    case at([ScheduleDuration])
  }

  /// w is rounded down.
  package var warmup: ScheduleDuration
  /// Rounded down, an interval to one step at least.
  package var times: Times
  /// γ
  package var reduction: Double

  package init(warmup: ScheduleDuration = .share(0.1), times: Times, reduction: Double = 0.1) {
    self.warmup = warmup
    self.times = times
    self.reduction = reduction
  }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    precondition(step >= 0 && length.steps > 0, "step \(step) of \(length.steps)")
    let step = min(step, length.steps - 1)
    let count =
      switch times {
      case .every(let interval): step / max(1, interval.wholeSteps(of: length))
      case .at(let times): times.count { $0.wholeSteps(of: length) <= step }
      }
    var factor = linearWarmup(step: step, over: warmup.wholeSteps(of: length))
    // By multiplication: what C libraries make of a power may differ between hosts.
    for _ in 0..<count where factor > 0 { factor *= reduction }
    return factor
  }
}
