import Glibc

/// What several models say of photos, as fits want it: questions with one right answer each. A photo of one label is a
/// question, and its answers are the classes; with several labels each of them is one, with the answers no and yes,
/// whose softmax is the label's sigmoid.
struct MemberAnswers {
  /// Answers of each question.
  let width: Int
  /// The right answer of each question.
  let right: [Int]
  /// Logarithms of the probabilities of each member, `[questions, answers]`.
  let logs: [[Double]]

  var members: Int { logs.count }

  /// - Parameters:
  ///   - members: of the same photos.
  ///   - rows: of the photos that are taken.
  init(_ members: [Predictions], rows: [Int]) {
    let first = members[0]
    if first.thresholds == nil {
      width = first.classes.count
      right = rows.map { first.labels[$0] }
      logs = members.map { member in
        rows.flatMap { member[$0].map(Predictions.logOfClass) }
      }
    } else {
      width = 2
      right = rows.flatMap { row in first.classes.indices.map { first.has($0, row) ? 1 : 0 } }
      logs = members.map { member in
        rows.flatMap { row in
          member[row].flatMap { [Predictions.logOfLabel(1 - $0), Predictions.logOfLabel($0)] }
        }
      }
    }
  }

  /// The logits of the members' weighted mean, `[questions, answers]`.
  func mixed(_ weights: [Double], _ averaging: Averaging) -> [Double] {
    right.indices.flatMap { question in
      (0..<width).map { answer in
        let place = question * width + answer
        var mean = 0.0
        for (logs, weight) in zip(logs, weights) where weight > 0 {
          mean += weight * (averaging == .probabilities ? exp(logs[place]) : logs[place])
        }
        return averaging == .probabilities ? Predictions.logOfClass(mean) : mean
      }
    }
  }
}

/// log Σ exp, of numbers that may be too large or small for their exponentials.
func logSumExp(_ values: some Sequence<Double>) -> Double {
  let largest = values.reduce(-Double.infinity) { max($0, $1) }
  return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}
