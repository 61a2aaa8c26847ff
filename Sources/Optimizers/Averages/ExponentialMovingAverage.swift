import Glibc

/// An average of all steps' weights that forgets the old ones: Polyak and Juditsky, "Acceleration of
/// stochastic approximation by averaging", 1992, as timm's `ModelEmaV3`. At the n-th update, from 1,
///
///     decay(n) = min(decay, 1 − n^(−2/3))        with warm-up
///     average ← decay(n)·average + (1 − decay(n))·weights
///
/// and the first copies. Warm-up lets a short training forget its start: after 2,000 updates the decay is
/// .9937, about the last 160. Running statistics are averaged too.
package struct ExponentialMovingAverage: WeightAverage {
  /// What stays of the average at an update, in the end.
  package var decay: Double
  package var warmsUp: Bool

  package init(decay: Double = 0.9998, warmsUp: Bool = true) {
    self.decay = decay
    self.warmsUp = warmsUp
  }

  package var renewsStatistics: Bool { false }

  package func takesIn(epoch: Int, endsEpoch: Bool, isApplied: Bool) -> Bool { isApplied }

  package func share(ofUpdate number: Int) -> Double {
    if number <= 1 { return 1 }
    guard warmsUp else { return 1 - decay }
    return 1 - min(decay, 1 - pow(Double(number), -2.0 / 3))
  }
}
