package import Kernels
package import Tensors

/// A value on the tape, and the slot in which backward collects its gradient.
///
/// A variable may be *pending*: `value` is raw and `transform` (normalisation, activation) is applied
/// by whoever loads it. Its gradient is always with respect to the transformed value.
package final class Variable {
  package let value: Tensor
  package let transform: ChannelTransform?
  /// What products hold of the variable; the value they keep by itself, see `Kept`.
  package let slot: GradientSlot
  /// What it is in the trace, if one is made.
  var traced: Trace.Value?

  package init(_ value: Tensor, transform: ChannelTransform? = nil, needsGradient: Bool) {
    self.value = value
    self.transform = transform
    slot = GradientSlot(shape: value.shape, needsGradient: needsGradient)
  }

  package var shape: Shape { value.shape }
  /// Whether anything below it wants a gradient.
  package var needsGradient: Bool { slot.needsGradient }
  /// What backward has collected so far.
  package var gradient: Tensor? { slot.gradient }

  /// Takes the gradient out of the slot.
  package func takeGradient() -> Tensor? { slot.takeGradient() }

  /// Gives backward something to begin with: adds a share to the slot.
  package func receiveGradient(sharing share: Tensor, pool: ThreadPool) {
    slot.receiveGradient(sharing: share, pool: pool)
  }
}
