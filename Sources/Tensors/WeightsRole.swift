/// Which of a training's weights are meant, where there are two of each. A checkpoint, an evaluation
/// and an export say which they hold or use; both have the same layout.
package enum WeightsRole: String, CaseIterable, Sendable {
  /// As the optimiser has them.
  case raw
  /// Their running average over the steps, which the training doesn't go on from.
  case averaged
}
