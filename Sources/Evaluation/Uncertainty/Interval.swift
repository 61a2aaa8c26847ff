/// Where a number probably lies, with 95 % of confidence.
package struct Interval: Codable, Equatable, Sendable {
  package let lower: Double
  package let upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var halfWidth: Double { (upper - lower) / 2 }

  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The normal distribution's 97.5th percentile.
  private static let z = 1.959963984540054

  /// Of a share of which `hits` of `count` photos were seen: Wilson's score interval ("Probable inference, the law of
  /// succession, and statistical inference", 1927), which also holds for few photos and shares near 0 and 1. With
  /// p = hits / n, (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n); from 0 to 1 where there are none.
  package static func ofShare(_ hits: Int, of count: Int) -> Interval {
    guard count > 0 else { return Interval(lower: 0, upper: 1) }
    let (n, p) = (Double(count), Double(hits) / Double(count))
    let square = z * z / n
    let centre = p + square / 2
    let reach = z * (p * (1 - p) / n + square / (4 * n)).squareRoot()
    return Interval(
      lower: hits == 0 ? 0 : (centre - reach) / (1 + square),
      upper: hits == count ? 1 : (centre + reach) / (1 + square))
  }

  /// Of an accuracy, by the photos that are right.
  package static func ofAccuracy(_ scores: Scores) -> Interval {
    ofShare(scores.right, of: scores.photos)
  }

  /// Of an F1 of which there are so many hits, misses and false alarms. F1 = 2j / (1 + j) of the share
  /// j = TP / (TP + FP + FN), whose interval it takes.
  package static func ofF1(hits: Int, support: Int, predicted: Int) -> Interval {
    let share = ofShare(hits, of: support + predicted - hits)
    func f1(_ j: Double) -> Double { 2 * j / (1 + j) }
    return Interval(lower: f1(share.lower), upper: f1(share.upper))
  }
}
