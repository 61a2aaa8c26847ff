import Evaluation

/// How much more one number is than another, for people.
enum DifferenceText {
  /// The first, the second, their difference and its interval, as cells of a row.
  static func cells(_ score: ScoreDifference, digits: Int = 3) -> [String] {
    [
      NumberText.fixed(score.first, digits), NumberText.fixed(score.second, digits),
      signed(score.difference, digits: digits), range(score.interval, digits: digits),
    ]
  }

  /// `+0.004 to +0.040`.
  static func range(_ interval: Interval, digits: Int = 3) -> String {
    "\(signed(interval.lower, digits: digits)) to \(signed(interval.upper, digits: digits))"
  }

  /// With its sign, also of what is more.
  static func signed(_ value: Double, digits: Int = 3) -> String {
    (value < 0 ? "" : "+") + NumberText.fixed(value, digits)
  }
}
