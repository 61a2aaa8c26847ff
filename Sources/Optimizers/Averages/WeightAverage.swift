/// An average of the weights beside them, which the training doesn't go on from: data and pure functions
/// of how often it was updated.
///
///     average ← average + share · (weights − average)
package protocol WeightAverage: Sendable {
  /// Whether it takes in the weights after a step.
  ///
  /// - Parameters:
  ///   - epoch: the step's, from 0.
  ///   - endsEpoch: the step was the epoch's last.
  ///   - isApplied: the step has moved the weights.
  func takesIn(epoch: Int, endsEpoch: Bool, isApplied: Bool) -> Bool

  /// What the weights count at an update, from 1. The first copies them: 1.
  func share(ofUpdate number: Int) -> Double

  /// Whether running statistics are made anew for the average by a pass over training photos; else they are
  /// averaged as the weights are.
  var renewsStatistics: Bool { get }
}

/// One update of an average over a range of the flat store: `average + share · (weights − average)`, in Float
/// for each element.
package func takeIn(
  _ weights: UnsafePointer<Float>, share: Double, average: UnsafeMutablePointer<Float>, count: Int
) {
  if share == 1 { return average.update(from: weights, count: count) }
  let share = Float(share)
  // A plain loop for the compiler to vectorise.
  for i in 0..<count { average[i] += share * (weights[i] - average[i]) }
}
