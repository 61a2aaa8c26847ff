import Glibc

/// Weights of an ensemble's members by greedy selection with replacement: Caruana et al., "Ensemble selection from
/// libraries of models", 2004.
///
/// It begins with nothing and takes in, round by round, the member with which the mean's log-loss is least; of equals
/// the first. Of all rounds the first of the least loss counts, and a weight is how often a member is in it, as a share.
package enum GreedySelection {
  /// A weight is a multiple of 1 / 50 or coarser: finer ones would fit the photos' noise.
  package static let rounds = 50

  /// - Parameter members: of the same photos.
  package static func weights(of members: [Predictions], averaging: Averaging = .probabilities)
    -> [Double]
  {
    weights(MemberAnswers(members, rows: Array(members[0].samples.indices)), averaging)
  }

  static func weights(_ answers: MemberAnswers, _ averaging: Averaging) -> [Double] {
    // The mean of probabilities needs the right answers' alone.
    let values =
      averaging == .logits
      ? answers.logs
      : answers.logs.map { logs in
        answers.right.enumerated().map { exp(logs[$0 * answers.width + $1]) }
      }
    var sums = [Double](repeating: 0, count: values[0].count)
    var counts = [Int](repeating: 0, count: answers.members)
    var best = (loss: Double.infinity, counts: counts, round: 0)
    for round in 1...rounds {
      let losses = values.map { loss(sums, adding: $0, of: Double(round), answers, averaging) }
      var chosen = 0
      for member in losses.indices where losses[member] < losses[chosen] { chosen = member }
      counts[chosen] += 1
      for place in sums.indices { sums[place] += values[chosen][place] }
      if round == 1 || losses[chosen] < best.loss { best = (losses[chosen], counts, round) }
    }
    return best.counts.map { Double($0) / Double(best.round) }
  }

  /// The log-loss of the mean, summed over the questions.
  private static func loss(
    _ sums: [Double], adding values: [Double], of count: Double, _ answers: MemberAnswers,
    _ averaging: Averaging
  ) -> Double {
    var loss = 0.0
    for (question, right) in answers.right.enumerated() {
      if averaging == .probabilities {
        loss -= Predictions.logOfClass((sums[question] + values[question]) / count)
      } else {
        let start = question * answers.width
        let logits = (start..<(start + answers.width)).lazy.map { (sums[$0] + values[$0]) / count }
        loss += logSumExp(logits) - (sums[start + right] + values[start + right]) / count
      }
    }
    return loss
  }
}
