/// What each class has of a sample's target before smoothing: one in all, but where a sample has several labels.
struct Shares {
  private(set) var values: [Double]
  /// The class with the largest share.
  private(set) var label = 0

  init(classes: Int) { values = [Double](repeating: 0, count: classes) }

  /// Those of a sample: of its soft label where there are any, of its two labels, or of its own.
  ///
  /// - Parameter hasSeveralLabels: whether classes of a soft label don't exclude each other, and sum to anything.
  mutating func set(_ sample: Int, of targets: LossTargets, hasSeveralLabels: Bool = false) {
    let (label, classes) = (targets.labels[sample], values.count)
    if let softLabels = targets.softLabels {
      let row = softLabels[(sample * classes)..<((sample + 1) * classes)]
      if hasSeveralLabels {
        for (k, share) in row.enumerated() { values[k] = Double(share) }
      } else {
        set(row)
      }
    } else if let second = targets.second {
      set(label, second.labels[sample], firstShare: second.firstShares[sample])
    } else {
      set(label, label, firstShare: 1)
    }
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
