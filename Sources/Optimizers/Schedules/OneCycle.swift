import Glibc

/// Half a cosine up from `1 / divisor` to the peak, then half a cosine down to
/// `1 / (divisor · finalDivisor)`, reached at the last step: Smith and Topin, "Super-Convergence",
/// 2019, as in `torch.optim.lr_scheduler.OneCycleLR` with two phases and `anneal_strategy="cos"`.
///
/// PyTorch's phases are kept: the peak is at step w − 1, w being the warm-up, which needn't be
/// whole; if it is negative, training starts on the way down.
///
/// The momentum may go the other way: from its largest value to the smallest at the peak, and back; PyTorch's
/// `cycle_momentum`.
package struct OneCycle: Schedule {
  /// PyTorch's `pct_start`, where it is a share.
  package var warmup: ScheduleDuration
  /// The peak over the first step's learning rate.
  package var divisor: Double
  /// The first step's learning rate over the last one's.
  package var finalDivisor: Double
  /// The momentum at the peak, and that of the first and the last step; nil: it isn't cycled.
  package var momenta: ClosedRange<Double>?

  package init(
    warmup: ScheduleDuration = .share(0.1), divisor: Double = 25, finalDivisor: Double = 1e4,
    momenta: ClosedRange<Double>? = nil
  ) {
    self.warmup = warmup
    self.divisor = divisor
    self.finalDivisor = finalDivisor
    self.momenta = momenta
  }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    value(step: step, of: length, from: 1 / divisor, to: 1, backTo: 1 / divisor / finalDivisor)
  }

  package func momentum(step: Int, of length: TrainingLength) -> Double? {
    momenta.map {
      value(
        step: step, of: length, from: $0.upperBound, to: $0.lowerBound, backTo: $0.upperBound)
    }
  }

  private func value(
    step: Int, of length: TrainingLength, from first: Double, to middle: Double, backTo end: Double
  ) -> Double {
    precondition(step >= 0 && length.steps > 0, "step \(step) of \(length.steps)")
    let last = Double(length.steps - 1)
    let step = min(Double(step), last)
    let peak = warmup.steps(of: length) - 1
    if step <= peak {
      // Where PyTorch divides 0 by 0, the only step of the warm-up is the peak.
      return peak == 0 ? middle : anneal(from: first, to: middle, step / peak)
    }
    return anneal(from: middle, to: end, (step - peak) / (last - peak))
  }

  /// Half a cosine, by PyTorch's formula.
  private func anneal(from start: Double, to end: Double, _ progress: Double) -> Double {
    end + (start - end) / 2 * (cos(.pi * progress) + 1)
  }
}
