import Glibc

/// The loss at rising learning rates, and what it suggests; formulas and numbers are those of fastai's `lr_find`.
package struct RateCurve: Equatable, Sendable {
  /// A step of the test.
  package struct Point: Codable, Equatable, Sendable {
    package let learningRate: Double
    /// Of the step's samples, as they were trained on.
    package let loss: Double
    /// The mean of all losses so far, the last ones weighing most: m ← β·m + (1 − β)·loss, over 1 − βⁿ.
    package let smoothedLoss: Double
  }

  /// β.
  private static let kept = 0.98
  /// A smoothed loss of so many times the least so far ends the test.
  private static let divergence = 4.0
  /// Points at the end that suggestions leave out, where the loss has begun to rise.
  private static let tail = 5

  /// Steps that the test is to have.
  package let steps: Int
  package private(set) var points: [Point] = []
  private var mean = 0.0
  private var least = Double.infinity

  package init(steps: Int) { self.steps = steps }

  /// Adds the next step.
  package mutating func append(loss: Double, learningRate: Double) {
    mean = loss + Self.kept * (mean - loss)
    let smoothed = mean / (1 - pow(Self.kept, Double(points.count + 1)))
    least = min(least, smoothed)
    points.append(Point(learningRate: learningRate, loss: loss, smoothedLoss: smoothed))
  }

  /// Whether the last loss is so large that the test is over.
  package var hasDiverged: Bool {
    points.last.map { $0.smoothedLoss > Self.divergence * least } ?? false
  }

  /// What suggestions look at: neither the first tenth of the steps nor the last five.
  private var window: ArraySlice<Point> {
    let (first, end) = (steps / 10, points.count - Self.tail)
    return first < end ? points[first..<end] : []
  }

  /// The middle of the longest valley: of the longest series of points, each lower than the one before it, with
  /// any others in between. Its start is taken to be as many points before its end as it has. Nil where the loss
  /// falls nowhere.
  package var valley: Point? {
    let points = Array(window)
    // How many points the longest falling series has that ends with each.
    var lengths = [Int](repeating: 1, count: points.count)
    var end = 0
    for i in points.indices {
      for j in 0..<i where points[i].smoothedLoss < points[j].smoothedLoss {
        lengths[i] = max(lengths[i], lengths[j] + 1)
      }
      if lengths[i] > lengths[end] { end = i }
    }
    guard let length = lengths.max(), length > 1 else { return nil }
    let third = Double(length) / 3
    return points[max(0, end - length + Int(third) + Int(third / 2))]
  }

  /// Where the loss falls fastest with the logarithm of the learning rate; nil where it falls nowhere.
  package var steepest: Point? {
    let slopes = zip(window, window.dropFirst()).map { a, b in
      (
        point: a,
        slope: (b.smoothedLoss - a.smoothedLoss) / (log(b.learningRate) - log(a.learningRate))
      )
    }
    guard let first = slopes.min(by: { $0.slope < $1.slope }), first.slope < 0 else { return nil }
    return first.point
  }
}
