package import Kernels
package import Tensors

/// A value on the tape, and the gradient that backward collects for it.
///
/// A variable may be *pending*: `value` is raw and `transform` (normalisation, activation) is applied
/// by whoever loads it. Its gradient is always with respect to the transformed value.
package final class Variable {
  package let value: Tensor
  package let transform: ChannelTransform?
  /// Whether anything below it wants a gradient; backward does not go where nothing does.
  package let needsGradient: Bool
  package private(set) var gradient: Tensor?
  /// What it is in the trace, if one is made.
  var traced: Trace.Value?

  package init(_ value: Tensor, transform: ChannelTransform? = nil, needsGradient: Bool) {
    self.value = value
    self.transform = transform
    self.needsGradient = needsGradient
  }

  package var shape: Shape { value.shape }

  /// Hands the gradient over to the operation that made the variable, and forgets it.
  package func takeGradient() -> Tensor? {
    defer { gradient = nil }
    return gradient
  }

  /// Adds a consumer's share of the gradient. `write` gets a tensor of the variable's shape to
  /// overwrite, or to add to when `accumulating`.
  package func receiveGradient(_ write: (_ destination: Tensor, _ accumulating: Bool) -> Void) {
    if var present = takeGradient() {
      // A tensor that another variable holds as well (both sides of a sum) must not change for it.
      if !present.isUnshared { present = present.copy() }
      write(present, true)
      gradient = present
    } else {
      let fresh = Tensor(uninitialized: shape)
      write(fresh, false)
      gradient = fresh
    }
  }

  /// As `receiveGradient`, for a share that exists already; it may be given to several variables.
  package func receiveGradient(sharing share: Tensor, pool: ThreadPool) {
    guard gradient != nil else {
      gradient = share
      return
    }
    receiveGradient { destination, _ in add(share, to: destination, pool: pool) }
  }
}
