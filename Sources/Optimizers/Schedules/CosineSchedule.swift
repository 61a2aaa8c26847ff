import Glibc

/// A straight line up to the peak, then half a cosine down towards nothing: Loshchilov and Hutter,
/// "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without restarts. With w warm-up
/// steps of T, at step s from 0
///
///     s < w:  (s + 1) / (w + 1)
///     else:   (1 + cos(π·(s − w) / (T − w))) / 2
///
/// as PyTorch's `LinearLR(start_factor=1/(w+1), total_iters=w)` followed by
/// `CosineAnnealingLR(T_max=T−w)`. Nothing itself would be reached one step after the last.
package struct CosineSchedule: Schedule {
  /// w is rounded down.
  package var warmup: ScheduleDuration

  package init(warmup: ScheduleDuration = .share(0.1)) { self.warmup = warmup }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    let total = length.steps
    precondition(step >= 0 && total > 0, "step \(step) of \(total)")
    let step = min(step, total - 1)
    let start = warmup.wholeSteps(of: length)
    if step < start { return linearWarmup(step: step, over: start) }
    return (1 + cos(.pi * Double(step - start) / Double(total - start))) / 2
  }
}
