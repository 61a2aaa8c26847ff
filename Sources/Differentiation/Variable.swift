package import Kernels
package import Tensors

/// A value on the tape, and the slot in which backward collects its gradient.
///
/// A variable may be *pending*: its value is raw and `transform` (normalisation, activation) is applied
/// by whoever loads it. Its gradient is always with respect to the transformed value.
package final class Variable {
  /// The value as it waits for the next operation.
  package let stored: StoredTensor
  package let transform: ChannelTransform?
  /// What products hold of the variable; the value they keep by itself, see `Kept`.
  package let slot: GradientSlot
  /// What it is in the trace, if one is made.
  var traced: Trace.Value?

  /// A value as its operation leaves it on `tape`: in the formats of that.
  package init(
    _ stored: StoredTensor, transform: ChannelTransform? = nil, needsGradient: Bool, on tape: Tape
  ) {
    self.stored = stored
    self.transform = transform
    slot = GradientSlot(
      shape: stored.shape, needsGradient: needsGradient,
      storage: (tape.gradientFormat(of: stored.shape), tape.pool))
  }

  /// A value that is written now; stored in the format of `tape`.
  package convenience init(
    _ value: Tensor, needsGradient: Bool, on tape: Tape
  ) {
    self.init(tape.stored(value), needsGradient: needsGradient, on: tape)
  }

  /// Floats, for a pass to begin with.
  package init(_ value: Tensor, transform: ChannelTransform? = nil, needsGradient: Bool) {
    stored = StoredTensor(value)
    self.transform = transform
    slot = GradientSlot(shape: value.shape, needsGradient: needsGradient)
  }

  package var shape: Shape { stored.shape }
  /// Whether anything below it wants a gradient.
  package var needsGradient: Bool { slot.needsGradient }
  /// The value as values wait on the tape, for operations that take no other.
  func stored(on tape: Tape) -> StoredTensor {
    stored.format == tape.format(of: shape) ? stored : tape.stored(value(on: tape))
  }
  /// The value as floats, for an operation to read; a copy where it is stored in 16 bits.
  package func value(on tape: Tape) -> Tensor { widened(stored, pool: tape.pool) }
  /// The value of a variable that is stored as floats, such as a net's output.
  package var value: Tensor {
    guard let tensor = stored.tensor else { preconditionFailure("a value in 16 bits") }
    return tensor
  }
  /// What backward has collected so far.
  package var gradient: Tensor? { slot.gradient }

  /// Takes the gradient out of the slot.
  package func takeGradient() -> Tensor? { slot.takeGradient() }

  /// Multiplies what backward begins with.
  package func scaleGradient(by factor: Float, pool: ThreadPool) {
    slot.scale(by: factor, pool: pool)
  }

  /// Gives backward something to begin with: adds a share to the slot.
  package func receiveGradient(sharing share: Tensor, pool: ThreadPool) {
    slot.receiveGradient(sharing: share, pool: pool)
  }
}
