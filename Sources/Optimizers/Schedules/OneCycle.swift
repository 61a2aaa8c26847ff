import Glibc

/// Half a cosine up from `1 / divisor` to the peak, then half a cosine down to
/// `1 / (divisor · finalDivisor)`, reached at the last step: Smith and Topin, "Super-Convergence",
/// 2019, as in `torch.optim.lr_scheduler.OneCycleLR` with two phases and `anneal_strategy="cos"`.
///
/// PyTorch's phases are kept: the peak is at step `warmupFraction · total − 1`, which needn't be
/// whole; if it is negative, training starts on the way down.
///
/// The momentum may go the other way: from its largest value to the smallest at the peak, and back; PyTorch's
/// `cycle_momentum`.
package struct OneCycle: Schedule {
  /// PyTorch's `pct_start`, 0 … 1.
  package var warmupFraction: Double
  /// The peak over the first step's learning rate.
  package var divisor: Double
  /// The first step's learning rate over the last one's.
  package var finalDivisor: Double
  /// The momentum at the peak, and that of the first and the last step; nil: it isn't cycled.
  package var momenta: ClosedRange<Double>?

  package init(
    warmupFraction: Double = 0.1, divisor: Double = 25, finalDivisor: Double = 1e4,
    momenta: ClosedRange<Double>? = nil
  ) {
    self.warmupFraction = warmupFraction
    self.divisor = divisor
    self.finalDivisor = finalDivisor
    self.momenta = momenta
  }

  package func factor(step: Int, of total: Int) -> Double {
    value(step: step, of: total, from: 1 / divisor, to: 1, backTo: 1 / divisor / finalDivisor)
  }

  package func momentum(step: Int, of total: Int) -> Double? {
    momenta.map {
      value(
        step: step, of: total, from: $0.upperBound, to: $0.lowerBound, backTo: $0.upperBound)
    }
  }

  private func value(
    step: Int, of total: Int, from first: Double, to middle: Double, backTo end: Double
  ) -> Double {
    precondition(step >= 0 && total > 0, "step \(step) of \(total)")
    let last = Double(total - 1)
    let step = min(Double(step), last)
    let peak = warmupFraction * Double(total) - 1
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
