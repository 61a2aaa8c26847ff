import Kernels
package import Tensors

/// `x[…,C] · scale[C]` of finished values, left pending: whoever loads it, such as a residual sum,
/// multiplies.
package func channelScale(_ x: Variable, scale: FlatEntry, on tape: Tape) -> Variable {
  precondition(x.transform == nil, "a scale takes finished values")
  let factors = tape.parameters.value(scale)
  let transform = ChannelTransform(
    scale: factors, shift: Tensor(zeros: factors.shape), activation: .identity)
  let y = Variable(
    x.stored, transform: transform,
    needsGradient: x.needsGradient || tape.parameters.isTrained(scale), on: tape)
  let (kept, slot) = (x.kept(on: tape), x.slot)
  tape.record(
    y, of: [x], uses: [scale], parts: { $0.append(.scaled(scale), $0[x]) }
  ) { gradient in
    let share = gradient.isUnshared ? gradient : Tensor(uninitialized: slot.shape)
    let sums = Tensor(uninitialized: scale.shape)
    channelScaleGradient(
      kept.value, scale: factors, outputGradient: gradient, into: share, scaleGradient: sums,
      pool: tape.pool)
    tape.writeGradient(of: scale) { destination, accumulating in
      sumRows(sums, into: destination, accumulating: accumulating, pool: tape.pool)
    }
    if slot.needsGradient { slot.receiveGradient(sharing: share, pool: tape.pool) }
  }
  return y
}
