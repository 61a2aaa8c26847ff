import Glibc

/// Student's t distribution.
struct StudentT {
  /// Degrees of freedom, from 1.
  let freedom: Int

  /// How probable a value below t is: 1 − I_x(ν/2, 1/2)/2 for t ≥ 0, with x = ν/(ν + t²).
  func probability(below t: Double) -> Double {
    let degrees = Double(freedom)
    let tail = Self.beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
    return t < 0 ? tail : 1 - tail
  }

  /// The value below which others are with this probability, above one half.
  func quantile(_ probability: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while self.probability(below: high) < probability { high *= 2 }
    // Until the numbers between them are used up.
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if self.probability(below: middle) < probability { low = middle } else { high = middle }
    }
  }

  /// The regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun, 26.5.8) as Lentz
  /// evaluates one.
  private static func beta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    if x <= 0 || x >= 1 { return x <= 0 ? 0 : 1 }
    // On the other side of the middle the fraction converges slowly.
    if x > (a + 1) / (a + b + 2) { return 1 - beta(b, a, 1 - x) }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    let least = 1e-300
    var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
    d = 1 / (abs(d) < least ? least : d)
    var fraction = d
    for m in 1...500 {
      let step = Double(m)
      for term in [
        step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
        -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
      ] {
        d = 1 + term * d
        c = 1 + term / c
        d = 1 / (abs(d) < least ? least : d)
        if abs(c) < least { c = least }
        fraction *= c * d
      }
      if abs(c * d - 1) < 1e-16 { break }
    }
    return front * fraction / a
  }
}
