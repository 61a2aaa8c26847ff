import Glibc

/// How an ensemble's members become one answer: their weighted mean, and then a temperature.
package struct EnsembleMix: Equatable, Sendable {
  /// Of each member, not negative; they sum to 1.
  package let weights: [Double]
  package let averaging: Averaging
  /// What the logits of the mean are divided by; 1 leaves it as it is.
  package let temperature: Double

  package init(_ weights: [Double], averaging: Averaging = .probabilities, temperature: Double = 1)
  {
    precondition(!weights.isEmpty && weights.allSatisfy { $0 >= 0 } && temperature > 0)
    self.weights = weights
    self.averaging = averaging
    self.temperature = temperature
  }

  /// All of it, for a digest.
  package var text: String { " \(weights) \(averaging) \(temperature)" }

  /// All members alike.
  package static func equal(_ count: Int, averaging: Averaging = .probabilities) -> EnsembleMix {
    EnsembleMix(equalWeights(count), averaging: averaging)
  }

  static func equalWeights(_ count: Int) -> [Double] {
    [Double](repeating: 1 / Double(count), count: count)
  }

  /// The logits of what members say together of a photo of one label.
  ///
  /// - Parameter members: the logits of each, of which a number that is added to all of a member's changes nothing.
  package func logits(of members: [[Double]]) -> [Double] {
    precondition(members.count == weights.count, "a weight for each member")
    switch averaging {
    case .logits:
      return members[0].indices.map { answer in
        zip(members, weights).reduce(0) { $0 + $1.1 * $1.0[answer] } / temperature
      }
    case .probabilities:
      let logs = members.map { logits in
        let sum = logSumExp(logits)
        return logits.map { $0 - sum }
      }
      return members[0].indices.map { answer in
        logSumExp(
          zip(logs, weights).lazy.filter { $0.1 > 0 }.map { $0.0[answer] + log($0.1) })
          / temperature
      }
    }
  }

  /// Without a member: the others' weights, scaled to sum to 1. Nil where they have none.
  package func without(_ member: Int) -> EnsembleMix? {
    var rest = weights
    rest.remove(at: member)
    let sum = rest.reduce(0, +)
    guard sum > 0 else { return nil }
    return EnsembleMix(rest.map { $0 / sum }, averaging: averaging, temperature: temperature)
  }
}
