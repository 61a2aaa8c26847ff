import Glibc

/// From the peak, which is the first step's here, to `ratio` times it, by the same factor at each step: what a range
/// test of learning rates does (Smith, "Cyclical learning rates for training neural networks", WACV 2017). Step s of
/// `steps` has ratio^(s / steps), as fastai's `SchedExp`: the end itself would come one step after the last.
package struct ExponentialSweep: Schedule {
  package var ratio: Double
  package var steps: Int

  package init(ratio: Double, steps: Int) {
    self.ratio = ratio
    self.steps = steps
  }

  package var warmup: ScheduleDuration { .steps(0) }

  package func factor(step: Int, of length: TrainingLength) -> Double {
    pow(ratio, Double(min(step, steps - 1)) / Double(steps))
  }
}
