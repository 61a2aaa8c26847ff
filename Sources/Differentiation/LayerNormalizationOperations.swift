import Kernels
package import Tensors

/// Layer normalisation of `x[…,C]` over its last axis; finished values in and out.
package func layerNormalization(
  _ x: Variable, scale: FlatEntry, shift: FlatEntry, epsilon: Float, on tape: Tape
) -> Variable {
  precondition(x.transform == nil, "a layer normalisation takes finished values")
  let parameters = tape.parameters
  let factors = parameters.value(scale)
  let value = Tensor(uninitialized: x.shape)
  let moments = Tensor(uninitialized: [x.shape.count / factors.count, 2])
  tape.compute {
    layerNorm(
      x.value(on: tape), scale: factors, shift: parameters.value(shift), epsilon: epsilon,
      moments: moments,
      into: value, pool: tape.pool)
  }
  let y = Variable(
    value,
    needsGradient: x.needsGradient || parameters.isTrained(scale) || parameters.isTrained(shift),
    on: tape)
  let (kept, slot) = (x.kept(on: tape), x.slot)
  tape.record(
    y, of: [x], uses: [scale, shift],
    parts: {
      $0.append(.layerNormalization(scale: scale, shift: shift, epsilon: epsilon), $0[x])
    }
  ) { gradient in
    let sums = Tensor(uninitialized: [2, factors.count])
    let scaleSums = Tensor(sums.storage, shape: scale.shape)
    let shiftSums = Tensor(sums.storage, offset: factors.count, shape: shift.shape)
    slot.receiveGradient { destination, accumulating in
      layerNormGradient(
        kept.value, scale: factors, moments: moments, outputGradient: gradient, into: destination,
        accumulating: accumulating, scaleGradient: scaleSums, shiftGradient: shiftSums,
        pool: tape.pool)
    }
    for (entry, gradient) in [(shift, shiftSums), (scale, scaleSums)] {
      tape.writeGradient(of: entry) { destination, accumulating in
        sumRows(gradient, into: destination, accumulating: accumulating, pool: tape.pool)
      }
    }
  }
  return y
}
