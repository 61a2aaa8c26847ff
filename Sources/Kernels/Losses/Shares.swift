/// What each class has of a sample's target before smoothing: one in all, but where a sample has several labels.
struct Shares {
  private(set) var values: [Double]
  /// The class with the largest share.
  private(set) var label = 0

  init(classes: Int) { values = [Double](repeating: 0, count: classes) }

  /// Those of a sample: of its soft label where there are any, of its two labels, or of its own.
  mutating func set(
    _ sample: Int, _ labels: [Int], _ second: (labels: [Int], firstShares: [Float])?,
    _ softLabels: [Float]?
  ) {
    let classes = values.count
    if let softLabels {
      set(softLabels[(sample * classes)..<((sample + 1) * classes)])
    } else if let second {
      set(labels[sample], second.labels[sample], firstShare: second.firstShares[sample])
    } else {
      set(labels[sample], labels[sample], firstShare: 1)
    }
  }

  /// Shares of classes that don't exclude each other.
  mutating func setEach(_ shares: ArraySlice<Float>) {
    for (k, share) in shares.enumerated() { values[k] = Double(share) }
  }

  /// Two labels, which may be the same. Of equal shares the first label's counts as the larger.
  private mutating func set(_ first: Int, _ second: Int, firstShare: Float) {
    let otherShare = second == first ? 0 : 1 - Double(firstShare)
    for k in values.indices { values[k] = 0 }
    values[second] = otherShare
    values[first] = 1 - otherShare
    label = otherShare > 0.5 ? second : first
  }

  /// A soft label. Its Floats sum to one but for their rounding, so that the largest, the first of equals,
  /// gets what the others leave.
  private mutating func set(_ softLabel: ArraySlice<Float>) {
    label = 0
    for (k, share) in softLabel.enumerated() {
      values[k] = Double(share)
      if values[k] > values[label] { label = k }
    }
    var rest = 1.0
    for (k, share) in values.enumerated() where k != label { rest -= share }
    values[label] = rest
  }
}
