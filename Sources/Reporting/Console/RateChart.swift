package import Training

/// The curve of a range test in letters: the smoothed loss over the learning rate, whose axis is logarithmic.
package enum RateChart {
  private static let (columns, rows) = (64, 12)

  /// - Parameter marked: the point that is suggested.
  package static func text(_ points: [RateCurve.Point], marked: RateCurve.Point?) -> String {
    guard let first = points.first, let last = points.last, points.count > 1 else { return "" }
    // Rates rise by the same factor from point to point.
    var plot = TextPlot(
      columns: columns, rows: rows, x: 0...Double(points.count - 1), y: range(of: points),
      script: .ascii)
    for (number, point) in points.enumerated() {
      plot.mark(Double(number), point.smoothedLoss, letter: "*")
    }
    let place = marked.flatMap { points.firstIndex(of: $0) }
    return plot.lines(
      mark: place.map { (Double($0), NumberText.short(points[$0].learningRate)) },
      ends: (NumberText.short(first.learningRate), NumberText.short(last.learningRate))
    ).map { $0 + "\n" }.joined()
  }

  /// From the least smoothed loss to the largest before the last steps, which may go beyond all bounds.
  package static func range(of points: [RateCurve.Point]) -> ClosedRange<Double> {
    let losses = points.map(\.smoothedLoss)
    let shown = losses.dropLast(losses.count > 10 ? 5 : 0)
    let low = losses.min() ?? 0
    return low...max(shown.max() ?? low, low)
  }
}
