package import Training

/// The curve of a range test in letters: the smoothed loss over the learning rate, whose axis is logarithmic.
package enum RateChart {
  private static let (columns, rows) = (64, 12)

  /// - Parameter marked: the point that is suggested.
  package static func text(_ points: [RateCurve.Point], marked: RateCurve.Point?) -> String {
    guard let first = points.first, points.count > 1 else { return "" }
    let range = range(of: points)
    let height = max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
    var picture = [[Character]](
      repeating: [Character](repeating: " ", count: columns), count: rows)
    func column(_ number: Int) -> Int { number * (columns - 1) / (points.count - 1) }
    for (number, point) in points.enumerated() {
      let share = (point.smoothedLoss - range.lowerBound) / height
      let row = Int((Double(rows - 1) * (1 - min(share, 1))).rounded())
      picture[row][column(number)] = "*"
    }
    let labels = (0..<rows).map { row in
      row % 4 == 0 || row == rows - 1
        ? NumberText.short(range.upperBound - height * Double(row) / Double(rows - 1)) : ""
    }
    let width = (labels.map(\.count).max() ?? 0) + 2
    func margin(_ label: String) -> String {
      String(repeating: " ", count: width - label.count) + label
    }
    var lines = zip(labels, picture).map { margin($0) + " | " + String($1) }
    lines.append(margin("") + " +-" + String(repeating: "-", count: columns))
    if let marked, let number = points.firstIndex(of: marked) {
      let place = column(number)
      lines.append(
        margin("") + "   " + String(repeating: " ", count: place) + "^ "
          + NumberText.short(marked.learningRate))
    }
    let (low, high) = (
      NumberText.short(first.learningRate), NumberText.short(points[points.count - 1].learningRate)
    )
    let gap = String(repeating: " ", count: max(1, columns - low.count - high.count))
    lines.append(margin("") + "   " + low + gap + high)
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// From the least smoothed loss to the largest before the last steps, which may go beyond all bounds.
  package static func range(of points: [RateCurve.Point]) -> ClosedRange<Double> {
    let losses = points.map(\.smoothedLoss)
    let shown = losses.dropLast(losses.count > 10 ? 5 : 0)
    let low = losses.min() ?? 0
    return low...max(shown.max() ?? low, low)
  }
}
