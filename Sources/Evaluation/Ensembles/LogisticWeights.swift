import Glibc

/// Weights of an ensemble's members by logistic regression: stacking after Wolpert, "Stacked generalization", 1992,
/// in the one form whose result is a weight for each member.
///
/// The features are the members' logits, and a member has one coefficient βₘ ≥ 0 for all classes and no class has a
/// constant, so that what is fitted is a weighted mean of logits with a temperature (McFadden's conditional logit):
///
///     p = softmax(Σ βₘ log pₘ),    least Σ −log p[label] + ½ Σ βₘ²
///
/// which is scikit-learn's `LogisticRegression` with C = 1 and no intercept, for two classes of the differences of
/// logits, with bounds. The weights are βₘ / Σ β, and Σ β is left to the temperature. A free matrix of classes by
/// classes for each member (scikit-learn's `StackingClassifier`) would no more be an ensemble's weights.
///
/// The function is convex, and its minimum found by a projected Newton's method.
package enum LogisticWeights {
  private static let tolerance = 1e-9
  private static let iterations = 100

  /// - Parameter members: of the same photos.
  package static func weights(of members: [Predictions]) -> [Double] {
    weights(MemberAnswers(members, rows: Array(members[0].samples.indices)))
  }

  /// All alike where none says anything of the labels.
  static func weights(_ answers: MemberAnswers) -> [Double] {
    let coefficients = coefficients(answers)
    let sum = coefficients.reduce(0, +)
    return sum > 0 ? coefficients.map { $0 / sum } : EnsembleMix.equalWeights(answers.members)
  }

  /// - Parameter members: of the same photos.
  package static func coefficients(of members: [Predictions]) -> [Double] {
    coefficients(MemberAnswers(members, rows: Array(members[0].samples.indices)))
  }

  static func coefficients(_ answers: MemberAnswers) -> [Double] {
    var point = EnsembleMix.equalWeights(answers.members)
    var (value, gradient, hessian) = derivatives(at: point, answers)
    for _ in 0..<iterations {
      let step = step(from: point, gradient, hessian)
      let slope = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      guard slope < -tolerance * tolerance else { break }
      var length = 1.0
      while length > 1e-12 {
        let next = zip(point, step).map { max(0, $0 + length * $1) }
        let found = derivatives(at: next, answers)
        let fall = zip(zip(next, point), gradient).reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 }
        if found.value <= value + 1e-4 * fall {
          if next == point { return point }
          point = next
          (value, gradient, hessian) = found
          break
        }
        length /= 2
      }
      if length <= 1e-12 { break }
    }
    return point
  }

  private static func derivatives(
    at point: [Double], _ answers: MemberAnswers
  ) -> (value: Double, gradient: [Double], hessian: [[Double]]) {
    let count = point.count
    var value = point.reduce(0) { $0 + $1 * $1 / 2 }
    var gradient = point
    var hessian = (0..<count).map { row in (0..<count).map { row == $0 ? 1.0 : 0 } }
    for (question, right) in answers.right.enumerated() {
      let start = question * answers.width
      let logits = (start..<(start + answers.width)).map { place in
        zip(point, answers.logs).reduce(0) { $0 + $1.0 * $1.1[place] }
      }
      let log = logSumExp(logits)
      value += log - logits[right]
      let p = logits.map { exp($0 - log) }
      let means = answers.logs.map { logs in
        p.enumerated().reduce(0) { $0 + $1.element * logs[start + $1.offset] }
      }
      for row in 0..<count {
        gradient[row] += means[row] - answers.logs[row][start + right]
        for column in 0...row {
          for answer in p.indices {
            hessian[row][column] +=
              p[answer] * (answers.logs[row][start + answer] - means[row])
              * (answers.logs[column][start + answer] - means[column])
          }
        }
      }
    }
    return (value, gradient, hessian)
  }

  /// Newton's step among the coefficients that may move: none at 0 becomes negative.
  private static func step(
    from point: [Double], _ gradient: [Double], _ hessian: [[Double]]
  ) -> [Double] {
    var free = point.indices.filter { point[$0] > 0 || gradient[$0] < 0 }
    var step = [Double](repeating: 0, count: point.count)
    while !free.isEmpty {
      let solved = solve(
        free.map { row in free.map { hessian[max(row, $0)][min(row, $0)] } },
        free.map { -gradient[$0] })
      let bound = free.indices.filter { point[free[$0]] == 0 && solved[$0] < 0 }
      if bound.isEmpty {
        for (place, index) in free.enumerated() { step[index] = solved[place] }
        break
      }
      free = free.indices.filter { !bound.contains($0) }.map { free[$0] }
    }
    return step
  }

  /// The solution of a positive definite system, by Cholesky's factors.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var factor = matrix
    var result = right
    for row in right.indices {
      for column in 0...row {
        var sum = matrix[row][column]
        for k in 0..<column { sum -= factor[row][k] * factor[column][k] }
        factor[row][column] = row == column ? sum.squareRoot() : sum / factor[column][column]
      }
      for k in 0..<row { result[row] -= factor[row][k] * result[k] }
      result[row] /= factor[row][row]
    }
    for row in right.indices.reversed() {
      for k in (row + 1)..<max(row + 1, right.count) { result[row] -= factor[k][row] * result[k] }
      result[row] /= factor[row][row]
    }
    return result
  }
}
