import Kernels
package import Tensors

/// Where backward collects the gradient of a variable. Products hold their inputs' slots instead of
/// the variables, so that they don't keep values alive which no one reads again.
package final class GradientSlot {
  /// The variable's.
  package let shape: Shape
  /// Whether anything below the variable wants a gradient; backward does not go where nothing does.
  package let needsGradient: Bool
  /// With respect to the transformed value, if the variable is pending.
  package private(set) var gradient: Tensor?

  init(shape: Shape, needsGradient: Bool) {
    self.shape = shape
    self.needsGradient = needsGradient
  }

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
