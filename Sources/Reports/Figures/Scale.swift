import Glibc

/// An axis: which numbers it goes from and to, where its ticks are, and where a number lies on it.
struct Scale {
  let lower: Double
  let upper: Double
  let ticks: [Double]
  /// Of ticks.
  private let decimals: Int
  private let start: Double
  private let end: Double

  /// - Parameters:
  ///   - values: what is to be shown; those that aren't finite don't count.
  ///   - bounds: what the axis may not go beyond, such as 0 and 1 of shares.
  ///   - isTight: whether it ends where the values do, and not at a tick.
  ///   - includes: a number that is on it anyway.
  ///   - pixels: where its ends are drawn.
  ///   - count: about how many ticks it has.
  init(
    of values: [Double], bounds: ClosedRange<Double>? = nil, isTight: Bool = false,
    including includes: [Double] = [],
    from start: Double, to end: Double, ticks count: Int = 5
  ) {
    let shown = values.filter(\.isFinite) + includes
    var (low, high) = (shown.min() ?? 0, shown.max() ?? 1)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-12) {
      let margin = max(abs(low) / 10, 1e-3)
      (low, high) = (low - margin, high + margin)
    }
    let rough = (high - low) / Double(count)
    let power = pow(10, (log10(rough)).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    var (first, last) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    if isTight { (first, last) = (low, high) }
    if let bounds {
      (first, last) = (max(first, bounds.lowerBound), min(last, bounds.upperBound))
    }
    lower = min(first, low)
    upper = max(last, high)
    let (from, to) = ((first / step - 1e-9).rounded(.up), (last / step + 1e-9).rounded(.down))
    ticks = from <= to ? (Int(from)...Int(to)).map { Double($0) * step } : []
    decimals = max(0, Int((-log10(step) + 0.999_999).rounded(.down)))
    self.start = start
    self.end = end
  }

  /// Where a number is drawn; one beyond the ends is drawn there.
  func place(_ value: Double) -> Double {
    let share = (min(max(value, lower), upper) - lower) / (upper - lower)
    return start + share * (end - start)
  }

  /// A tick as text, with the decimals that its neighbours need.
  func text(_ tick: Double) -> String {
    if decimals == 0, abs(tick) < 1e9 { return "\(Int(tick.rounded()))" }
    let factor = pow(10, Double(decimals))
    let value = (tick * factor).rounded() / factor
    var digits = "\(value)"
    if let point = digits.firstIndex(of: "."), !digits.contains("e") {
      let found = digits.distance(from: point, to: digits.endIndex) - 1
      if found < decimals { digits += String(repeating: "0", count: decimals - found) }
    }
    return digits
  }
}
