/// How the learning rate follows the size n of the global batch, from what suits a reference batch of n₀:
///
///     linear:       η · n/n₀
///     square root:  η · √(n/n₀)
///
/// Linear is for SGD: Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017. The square root keeps
/// the noise of adaptive rules such as AdamW: Malladi et al., "On the SDEs and Scaling Rules for Adaptive Gradient
/// Algorithms", NeurIPS 2022.
package struct LearningRateScaling: Equatable, Sendable {
  package enum Form: Sendable { case linear, squareRoot }

  package var form: Form
  /// n₀
  package var referenceBatch: Int

  package init(_ form: Form, referenceBatch: Int) {
    self.form = form
    self.referenceBatch = referenceBatch
  }

  /// What the learning rate is multiplied by.
  package func factor(globalBatch: Int) -> Double {
    let share = Double(globalBatch) / Double(referenceBatch)
    switch form {
    case .linear: return share
    case .squareRoot: return share.squareRoot()
    }
  }
}
