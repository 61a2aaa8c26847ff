/// Colours for numbers, from dark to bright in steps that look equal: "inferno" of matplotlib (van der
/// Walt and Smith, 2015), by ten of its colours.
enum ColourRamp {
  private static let colours: [[Float]] = [
    [0, 0, 4], [27, 12, 66], [75, 12, 107], [120, 28, 109], [165, 44, 96], [207, 68, 70],
    [237, 105, 37], [251, 154, 6], [247, 208, 60], [252, 255, 164],
  ]

  /// Red, green and blue, 0 to 255, of a number from 0 to 1.
  static func colour(of value: Float) -> [Float] {
    let place = min(max(value, 0), 1) * Float(colours.count - 1)
    let first = min(Int(place), colours.count - 2)
    return zip(colours[first], colours[first + 1]).map { $0 + ($1 - $0) * (place - Float(first)) }
  }
}
