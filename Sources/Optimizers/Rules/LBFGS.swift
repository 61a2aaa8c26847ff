/// L-BFGS, for smooth convex functions of many variables: Nocedal and Wright, "Numerical
/// Optimization", 2006, algorithms 7.4 and 7.5, with backtracking by Armijo's rule.
///
/// Everything is Double and added up in order, so the result is a function of the arguments alone.
package struct LBFGS: Sendable {
  /// Steps that the curvature is taken from.
  package var memory = 10
  /// It is done when no component of the gradient is larger.
  package var tolerance: Double
  package var maximumIterations = 1000

  package init(tolerance: Double) { self.tolerance = tolerance }

  /// Moves the point to the minimum.
  ///
  /// - Parameter function: gives the value at a point, and overwrites the gradient.
  /// - Returns: iterations taken. It also ends where rounding, or what is no number, lets no
  ///   step lower the value.
  package func minimise(
    from point: inout [Double],
    _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Int {
    var gradient = [Double](repeating: 0, count: point.count)
    var value = function(point, &gradient)
    var pairs: [Pair] = []
    for iteration in 0..<maximumIterations {
      if gradient.allSatisfy({ abs($0) <= tolerance }) { return iteration }
      let direction = direction(against: gradient, pairs)
      let slope = dot(gradient, direction)
      // Nothing is known of the function's scale before the first step.
      var length = pairs.isEmpty ? 1 / max(1, dot(gradient, gradient).squareRoot()) : 1
      var next = point
      var nextGradient = gradient
      var nextValue: Double
      while true {
        for index in point.indices { next[index] = point[index] + length * direction[index] }
        if next == point || length < 1e-30 { return iteration }
        nextValue = function(next, &nextGradient)
        if nextValue <= value + 1e-4 * length * slope { break }
        length /= 2
      }
      let pair = Pair(
        step: zip(next, point).map { $0 - $1 },
        change: zip(nextGradient, gradient).map { $0 - $1 })
      if pair.curvature > 0 {
        if pairs.count == memory { pairs.removeFirst() }
        pairs.append(pair)
      }
      (point, gradient, value) = (next, nextGradient, nextValue)
    }
    return maximumIterations
  }

  /// A step and how it changed the gradient.
  private struct Pair {
    let step: [Double]
    let change: [Double]
    /// Their product, positive for a convex function.
    let curvature: Double

    init(step: [Double], change: [Double]) {
      self.step = step
      self.change = change
      curvature = dot(step, change)
    }
  }

  /// The gradient times the inverse Hessian that the pairs stand for, downwards: the two loops.
  private func direction(against gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var result = gradient.map { -$0 }
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = dot(pair.step, result) / pair.curvature
      add(pair.change, times: -share, to: &result)
      shares.append(share)
    }
    if let last = pairs.last {
      let scale = last.curvature / dot(last.change, last.change)
      for index in result.indices { result[index] *= scale }
    }
    for (pair, share) in zip(pairs, shares.reversed()) {
      add(pair.step, times: share - dot(pair.change, result) / pair.curvature, to: &result)
    }
    return result
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

private func add(_ a: [Double], times factor: Double, to b: inout [Double]) {
  for index in a.indices { b[index] += factor * a[index] }
}
