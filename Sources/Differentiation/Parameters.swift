package import Tensors

/// A model's weights, the place for one micro-batch's gradient, and which of them are frozen.
package struct Parameters {
  package let weights: FlatStore
  /// Overwritten by each backward pass; nil where only the forward pass is wanted.
  package let gradient: FlatStore?
  /// Names of parameters that get no gradient, and of running statistics that normalise and are not
  /// renewed. Their places in the gradient are never written.
  package let frozen: Set<String>
  /// What passes with the same weights share; nil where the weights change.
  package let prepared: PreparedWeights?

  package init(
    weights: FlatStore, gradient: FlatStore? = nil, frozen: Set<String> = [],
    prepared: PreparedWeights? = nil
  ) {
    self.weights = weights
    self.gradient = gradient
    self.frozen = frozen
    self.prepared = prepared
  }

  /// The view of the weights for a declared entry.
  package func value(_ entry: FlatEntry) -> Tensor { weights.tensor(entry) }

  package func isTrained(_ entry: FlatEntry) -> Bool {
    gradient != nil && entry.kind != .statistic && !frozen.contains(entry.name)
  }
}
