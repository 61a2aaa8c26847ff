package import Differentiation
package import Kernels
package import Tensors

/// What a training makes small. A loss is one pure function; what all of them do with the tape is
/// done here.
package protocol Loss: Sendable {
  /// What photos of each class count, by the photos that are trained on; nil for ones.
  var classWeights: [Float]? { get set }

  /// What the summed loss is divided by.
  var divisor: LossDivisor { get }

  /// The sums over a micro-batch, each sample with its weight, and not divided by anything: the
  /// division comes last (I5).
  ///
  /// - Parameters:
  ///   - logits: `[N, classes]`.
  ///   - gradient: of the summed loss by the logits; overwritten unless nil.
  func sums(_ logits: Tensor, _ targets: Targets, gradient: Tensor?) -> LossSums
}

extension Loss {
  /// The sums over a micro-batch. In training the gradient of the summed loss is handed to `logits`,
  /// so that `tape.backward()` can follow.
  package func callAsFunction(
    _ logits: Variable, _ targets: Targets, on tape: Tape
  ) -> LossSums {
    guard tape.mode == .training, logits.needsGradient else {
      return sums(logits.value, targets, gradient: nil)
    }
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = self.sums(logits.value, targets, gradient: gradient)
    logits.receiveGradient(sharing: gradient, pool: tape.pool)
    return sums
  }
}
