/// What is averaged where several answers are given for one photo: by views of it, or by an ensemble's
/// models.
package enum Averaging: String, CaseIterable, Codable, Sendable {
  /// The mean of the probabilities.
  case probabilities
  /// The softmax of the logits' mean, which is the probabilities' geometric mean: a class that one of
  /// them all but excludes is excluded. With several labels, the sigmoid.
  case logits
}
