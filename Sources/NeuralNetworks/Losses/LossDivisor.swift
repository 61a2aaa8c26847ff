/// What a weighted loss is to be divided by.
package enum LossDivisor: String, CaseIterable, Sendable {
  /// The sum of the weights of what the samples are: Σ_k w_k·q_k of each, as PyTorch divides by the weights of the
  /// labels.
  case weights
  /// The number of samples, as Keras does, and PyTorch where targets are probabilities.
  case samples
}
