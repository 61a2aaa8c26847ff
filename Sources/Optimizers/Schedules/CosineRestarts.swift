import Glibc

/// A straight line up to the peak, then half a cosine down towards nothing, and from the peak down again, each
/// time over a longer period perhaps: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
/// Restarts", ICLR 2017. With w warm-up steps, at step s from 0
///
///     s < w:  (s + 1) / (w + 1)
///     else:   (1 + cos(π·t / Tᵢ)) / 2,  Tᵢ = T₀·mⁱ
///
/// where t counts the steps since the restart i: PyTorch's `LinearLR(start_factor=1/(w+1), total_iters=w)`
/// followed by `CosineAnnealingWarmRestarts(T_0, T_mult=m)`.
package struct CosineRestarts: Schedule {
  /// w is rounded down.
  package var warmup: ScheduleDuration
  /// T₀, rounded down to one step at least.
  package var period: ScheduleDuration
  /// m: how many times as long as the one before each period is.
  package var growth: Int

  package init(
    warmup: ScheduleDuration = .share(0.1), period: ScheduleDuration, growth: Int = 1
  ) {
    self.warmup = warmup
    self.period = period
    self.growth = growth
  }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    precondition(step >= 0 && length.steps > 0, "step \(step) of \(length.steps)")
    let step = min(step, length.steps - 1)
    let start = warmup.wholeSteps(of: length)
    if step < start { return linearWarmup(step: step, over: start) }
    var period = max(1, self.period.wholeSteps(of: length))
    var since = step - start
    if growth == 1 { since %= period }
    while since >= period {
      since -= period
      period *= growth
    }
    return (1 + cos(.pi * Double(since) / Double(period))) / 2
  }
}
