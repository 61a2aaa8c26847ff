import Glibc

/// The temperature that makes probabilities as sure as they are right: Guo et al., "On calibration of modern neural
/// networks", 2017. No prediction changes by it, where a photo has one label.
///
/// It is where the negative log-likelihood of softmax(z / T) is least. That is convex in β = 1 / T, and its derivative
/// Σ (Σ p z − z[label]) grows with β, so halving an interval of log β finds where it is 0.
package enum TemperatureScaling {
  /// Beyond which photos are too few, or all right or all noise, to tell.
  package static let range = 0.01...100.0
  private static let halvings = 60

  /// - Parameter predictions: of photos that chose nothing that they come from.
  package static func temperature(of predictions: Predictions) -> Double {
    let answers = MemberAnswers([predictions], rows: Array(predictions.samples.indices))
    return temperature(answers.logs[0], right: answers.right, width: answers.width)
  }

  /// - Parameter logits: `[questions, answers]`.
  static func temperature(_ logits: [Double], right: [Int], width: Int) -> Double {
    guard !right.isEmpty else { return 1 }
    func derivative(_ beta: Double) -> Double {
      var sum = 0.0
      for (question, right) in right.enumerated() {
        let own = logits[(question * width)..<((question + 1) * width)]
        let log = logSumExp(own.lazy.map { beta * $0 })
        sum += own.reduce(0) { $0 + exp(beta * $1 - log) * $1 } - own[own.startIndex + right]
      }
      return sum
    }
    var (low, high) = (-log(range.upperBound), -log(range.lowerBound))
    if derivative(exp(low)) >= 0 { return range.upperBound }
    if derivative(exp(high)) <= 0 { return range.lowerBound }
    for _ in 0..<halvings {
      let middle = (low + high) / 2
      if derivative(exp(middle)) < 0 { low = middle } else { high = middle }
    }
    return exp(-(low + high) / 2)
  }
}
